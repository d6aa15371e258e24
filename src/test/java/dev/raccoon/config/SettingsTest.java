package dev.raccoon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.config.Settings.Access;
import dev.raccoon.config.Settings.Builds;
import dev.raccoon.config.Settings.Egress;
import dev.raccoon.config.Settings.Http;
import dev.raccoon.config.Settings.Programs;
import dev.raccoon.config.Settings.Rewrite;
import dev.raccoon.config.Settings.Sources;
import dev.raccoon.config.Settings.Toolchains;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import dev.raccoon.value.OtpSelector;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private static final String NAMES =
      "RACCOON_ARTIFACTS, RACCOON_ARTIFACT_REDIRECTS, RACCOON_BUILD_ARTIFACT, RACCOON_BUILD_DISK, RACCOON_BUILD_FILES,"
          + " RACCOON_BUILD_LOG, RACCOON_BUILD_MEMORY, RACCOON_BUILD_OPEN_FILES,"
          + " RACCOON_BUILD_PROCESSES, RACCOON_BUILD_SILENCE, RACCOON_BUILD_SLOTS,"
          + " RACCOON_BUILD_TIMEOUT, RACCOON_CACHE_SIZE, RACCOON_CGROUP, RACCOON_CONNECTIONS, RACCOON_CONNECTIONS_EACH,"
          + " RACCOON_DATABASE_URL, RACCOON_DATA_DIR,"
          + " RACCOON_DEFAULT_ERLANG, RACCOON_EGRESS_BYTES, RACCOON_EGRESS_HOSTS,"
          + " RACCOON_EGRESS_REQUEST_TIMEOUT, RACCOON_ELIXIR, RACCOON_FETCH_TIMEOUT, RACCOON_GIT_HOSTS,"
          + " RACCOON_GIT_REWRITES, RACCOON_HEALTH, RACCOON_HEX_ARCHIVE, RACCOON_HEX_MIRROR,"
          + " RACCOON_HEX_MIRROR_KEY, RACCOON_HOST,"
          + " RACCOON_KEEP_BUILDS, RACCOON_KEEP_DAYS, RACCOON_KEEP_PACKAGE_BUILDS, RACCOON_KEEP_USED_DAYS,"
          + " RACCOON_KERL, RACCOON_LEASE, RACCOON_METRICS,"
          + " RACCOON_MIN_FREE_DISK,"
          + " RACCOON_OPEN_BUILDS, RACCOON_OTP_DIRS, RACCOON_PORT, RACCOON_PUBLIC_URL,"
          + " RACCOON_RATE_BUILDS, RACCOON_RATE_READS, RACCOON_REBAR3, RACCOON_S3_ENDPOINT, RACCOON_S3_REGION,"
          + " RACCOON_SANDBOX, RACCOON_SHUTDOWN_GRACE,"
          + " RACCOON_TRUSTED_PROXIES";

  @TempDir private Path folder;

  @Test
  void whatNobodySetsHasItsDefault() {
    Path data = Path.of("data").toAbsolutePath();
    int slots = Math.max(2, Runtime.getRuntime().availableProcessors());

    assertThat(Settings.of(Map.of()))
        .isEqualTo(
            new Settings(
                data,
                Optional.empty(),
                new Settings.Artifacts(
                    new ArtifactPlace.Folder(data.resolve("artifacts")),
                    new ArtifactPlace.Service(Optional.empty(), Optional.empty()),
                    false),
                new Http("127.0.0.1", 8080, Optional.empty(), false, Clients.USUAL),
                new Access(true, true),
                new Sources(List.of(), List.of(), Duration.ofMinutes(5)),
                new Toolchains(
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    new Programs(List.of(), List.of(), List.of(), Optional.empty())),
                new Builds(
                    slots,
                    true,
                    "raccoon",
                    new BuildLimits(
                        Map.of(
                            Limit.TIME,
                            15 * 60_000L,
                            Limit.SILENCE,
                            5 * 60_000L,
                            Limit.MEMORY,
                            2L << 30,
                            Limit.PROCESSES,
                            512L,
                            Limit.DISK,
                            2L << 30,
                            Limit.FILES,
                            200_000L,
                            Limit.OPEN_FILES,
                            1024L,
                            Limit.LOG,
                            10L << 20,
                            Limit.ARTIFACT,
                            256L << 20)),
                    1024 * 1024 * 1024,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(8)),
                new Egress(
                    List.of(
                        "github.com",
                        "codeload.github.com",
                        "raw.githubusercontent.com",
                        "objects.githubusercontent.com",
                        "release-assets.githubusercontent.com",
                        "gitlab.com",
                        "codeberg.org",
                        "bitbucket.org"),
                    1 << 30,
                    Duration.ofMinutes(5),
                    Optional.empty(),
                    Optional.empty(),
                    10L << 30),
                RetentionRules.NONE));
  }

  @Test
  void whatIsKeptOfOldBuildsIsReadFromItsSettings() {
    Map<String, String> values =
        Map.of(
            "RACCOON_KEEP_DAYS", "30",
            "RACCOON_KEEP_USED_DAYS", "90",
            "RACCOON_KEEP_BUILDS", "3",
            "RACCOON_KEEP_PACKAGE_BUILDS", "50");
    assertThat(Settings.of(values).retention()).isEqualTo(new RetentionRules(30, 90, 3, 50));
    assertThat(Settings.of(Map.of()).retention().any()).isFalse();
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(Map.of("RACCOON_KEEP_DAYS", "0")))
        .withMessage("RACCOON_KEEP_DAYS: a number from 1 to 36500 was expected, not 0");
  }

  @Test
  void theWayOutIsReadFromItsSettings() {
    Map<String, String> values =
        Map.of(
            "RACCOON_EGRESS_HOSTS", "any, .Example.org,*.corp.net,git.corp:8443,",
            "RACCOON_EGRESS_BYTES", "64MiB",
            "RACCOON_EGRESS_REQUEST_TIMEOUT", "90s",
            "SSL_CERT_FILE", "/etc/own.pem",
            "RACCOON_CACHE_SIZE", "1GiB");

    assertThat(Settings.of(values).egress())
        .isEqualTo(
            new Egress(
                List.of("any", ".example.org", "*.corp.net", "git.corp:8443"),
                64 << 20,
                Duration.ofSeconds(90),
                Optional.of(Path.of("/etc/own.pem")),
                Optional.empty(),
                1L << 30));
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(Map.of("RACCOON_EGRESS_HOSTS", "https://x.org/")))
        .withMessageContaining("RACCOON_EGRESS_HOSTS: a host such as github.com");
  }

  @Test
  void aMirrorOfHexMayHaveAPasswordAndAKeyOfItsOwn() {
    Settings.HexMirror mirror =
        Settings.of(
                Map.of(
                    "RACCOON_HEX_MIRROR", "https://me:secret@hex.example:8443/mirror//",
                    "RACCOON_HEX_MIRROR_KEY", "/etc/hex.pem"))
            .egress()
            .hexMirror()
            .orElseThrow();

    assertThat(mirror.url()).isEqualTo("https://me:secret@hex.example:8443/mirror");
    assertThat(mirror.key()).contains(Path.of("/etc/hex.pem"));
    assertThat(mirror.toString()).doesNotContain("secret");
    for (Map<String, String> wrong :
        List.of(
            Map.of("RACCOON_HEX_MIRROR", "hex.example"),
            Map.of("RACCOON_HEX_MIRROR", "file:///srv/hex"),
            Map.of("RACCOON_HEX_MIRROR", "https://hex.example/?a"),
            Map.of("RACCOON_HEX_MIRROR_KEY", "/etc/hex.pem"))) {
      assertThatExceptionOfType(SettingsException.class)
          .isThrownBy(() -> Settings.of(wrong))
          .withMessageContaining("RACCOON_HEX_MIRROR");
    }
  }

  @Test
  void placesAreReadFromTheirSettings() {
    Settings settings =
        Settings.of(
            Map.of(
                "RACCOON_DATA_DIR", "/var/lib/raccoon/../x",
                "RACCOON_DATABASE_URL", "jdbc:postgresql://db/raccoon",
                "RACCOON_HOST", "0.0.0.0",
                "RACCOON_PORT", "0",
                "RACCOON_PUBLIC_URL", "https://raccoon.example.org/sub//",
                "RACCOON_OPEN_BUILDS", "true"));

    assertThat(settings.dataDirectory()).isEqualTo(Path.of("/var/lib/x"));
    assertThat(settings.artifacts().place())
        .isEqualTo(new ArtifactPlace.Folder(Path.of("/var/lib/x/artifacts")));
    assertThat(settings.databaseUrl()).contains("jdbc:postgresql://db/raccoon");
    assertThat(settings.http())
        .isEqualTo(
            new Http(
                "0.0.0.0", 0, Optional.of("https://raccoon.example.org/sub"), true, Clients.USUAL));
  }

  @Test
  void sourcesAreReadFromTheirSettings() {
    Sources sources =
        Settings.of(
                Map.of(
                    "RACCOON_GIT_REWRITES",
                    "https://GitHub.com/Acme/=file:///srv/mirrors, https://x.org/a.git=/srv/a.git ,",
                    "RACCOON_GIT_HOSTS",
                    "GitHub.com, git.corp:8443,[fd00::1]:443",
                    "RACCOON_FETCH_TIMEOUT",
                    "90s"))
            .sources();

    assertThat(sources)
        .isEqualTo(
            new Sources(
                List.of(
                    new Rewrite("https://github.com/Acme/", "file:///srv/mirrors/"),
                    new Rewrite("https://x.org/a.git", "/srv/a.git")),
                List.of("github.com", "git.corp:8443", "[fd00::1]:443"),
                Duration.ofSeconds(90)));
  }

  @Test
  void toolchainsAreReadFromTheirSettings() {
    Map<String, String> values =
        Map.of(
            "RACCOON_OTP_DIRS", "/opt/otp:/srv/otp",
            "RACCOON_REBAR3", "/opt/rebar3:/srv/rebar3-3.24",
            "RACCOON_ELIXIR", "/opt/elixir-1.18",
            "RACCOON_HEX_ARCHIVE", "/srv/hex",
            "RACCOON_KERL", "/opt/kerl",
            "RACCOON_DEFAULT_ERLANG", "25.3.2.8",
            "PATH", "/usr/bin::bin:/bin",
            "HOME", "/home/ada");

    assertThat(Settings.of(values).toolchains())
        .isEqualTo(
            new Toolchains(
                List.of(Path.of("/opt/otp"), Path.of("/srv/otp")),
                Optional.of(OtpSelector.parse("25.3.2.8")),
                List.of(Path.of("/usr/bin"), Path.of("/bin")),
                Optional.of(Path.of("/home/ada/.kerl")),
                new Programs(
                    List.of(Path.of("/opt/rebar3"), Path.of("/srv/rebar3-3.24")),
                    List.of(Path.of("/opt/elixir-1.18")),
                    List.of(Path.of("/srv/hex")),
                    Optional.of(Path.of("/opt/kerl")))));
    assertThat(Settings.of(Map.of("HOME", "/home/ada", "KERL_BASE_DIR", "/k")).toolchains())
        .extracting(Toolchains::kerlBase)
        .isEqualTo(Optional.of(Path.of("/k")));
  }

  @Test
  void buildsLimitsAreReadFromTheirSettings() {
    Map<String, String> values =
        Map.of(
            "RACCOON_BUILD_SLOTS", "1",
            "RACCOON_MIN_FREE_DISK", "0",
            "RACCOON_SHUTDOWN_GRACE", "0s",
            "RACCOON_LEASE", "1500ms");

    assertThat(Settings.of(values).builds())
        .isEqualTo(
            new Builds(
                1,
                true,
                "raccoon",
                Settings.of(Map.of()).builds().limits(),
                0,
                Duration.ZERO,
                Duration.ofMillis(1500)));
  }

  @Test
  void aBuildsFilesAreMemoryAsWell() {
    Map<String, String> values =
        Map.of(
            "RACCOON_BUILD_SLOTS", "3",
            "RACCOON_BUILD_MEMORY", "1GiB",
            "RACCOON_BUILD_DISK", "512MiB");

    assertThat(Settings.of(values).builds().mostMemoryBytes()).isEqualTo(3 * (1536L << 20));
  }

  @Test
  void eachLimitOfABuildIsASetting() {
    Map<String, String> values =
        Map.of(
            "RACCOON_BUILD_TIMEOUT", "2h",
            "RACCOON_BUILD_SILENCE", "90s",
            "RACCOON_BUILD_MEMORY", "512MiB",
            "RACCOON_BUILD_PROCESSES", "64",
            "RACCOON_BUILD_DISK", "1GiB",
            "RACCOON_BUILD_FILES", "1000",
            "RACCOON_BUILD_OPEN_FILES", "256",
            "RACCOON_BUILD_LOG", "512KiB",
            "RACCOON_BUILD_ARTIFACT", "2GiB");

    assertThat(Settings.of(values).builds().limits().amounts())
        .isEqualTo(
            Map.of(
                Limit.TIME, 7_200_000L,
                Limit.SILENCE, 90_000L,
                Limit.MEMORY, 512L << 20,
                Limit.PROCESSES, 64L,
                Limit.DISK, 1L << 30,
                Limit.FILES, 1000L,
                Limit.OPEN_FILES, 256L,
                Limit.LOG, 512L << 10,
                Limit.ARTIFACT, 2L << 30));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1",
    "::1, [::1]",
    "[::1], [::1]",
    "raccoon.example.org, raccoon.example.org",
    "0.0.0.0, 127.0.0.1",
    "::, [::1]",
  })
  void aHostIsReachedFromThisMachineByItsUrl(String host, String reachable) {
    assertThat(Settings.of(Map.of("RACCOON_HOST", host)).http().reachableHost())
        .isEqualTo(reachable);
  }

  @ParameterizedTest
  @CsvSource({
    "file:/a/b, /a/b",
    "file:///a/b/../c, /a/c",
  })
  void artifactsLieInAnAbsoluteFolder(String url, Path folder) {
    assertThat(Settings.of(Map.of("RACCOON_ARTIFACTS", url)).artifacts().place())
        .isEqualTo(new ArtifactPlace.Folder(folder));
  }

  @Test
  void artifactsLieInABucketOfAmazonsOrOfOnesOwn() {
    assertThat(
            Settings.of(
                    Map.of(
                        "RACCOON_ARTIFACTS", "s3://packages",
                        "RACCOON_S3_REGION", "eu-central-1"))
                .artifacts())
        .isEqualTo(artifacts("packages", "", Optional.empty(), Optional.of("eu-central-1"), false));
    assertThat(
            Settings.of(
                    Map.of(
                        "RACCOON_ARTIFACTS", "s3://my-bucket/a/b/",
                        "RACCOON_S3_ENDPOINT", "http://127.0.0.1:9000/",
                        "RACCOON_ARTIFACT_REDIRECTS", "true"))
                .artifacts())
        .isEqualTo(
            artifacts(
                "my-bucket",
                "a/b/",
                Optional.of(URI.create("http://127.0.0.1:9000")),
                Optional.empty(),
                true));
  }

  private static Settings.Artifacts artifacts(
      String bucket,
      String prefix,
      Optional<URI> endpoint,
      Optional<String> region,
      boolean redirects) {
    ArtifactPlace.Service service = new ArtifactPlace.Service(endpoint, region);
    return new Settings.Artifacts(
        new ArtifactPlace.Bucket(bucket, prefix, service), service, redirects);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RACCOON_PORT           | x            | a number from 0 to 65535 was expected, not x",
        "RACCOON_PORT           | 65536        | a number from 0 to 65535 was expected, not 65536",
        "RACCOON_PORT           | -1           | a number from 0 to 65535 was expected, not -1",
        "RACCOON_PORT           | 99999999999  | a number from 0 to 65535 was expected, not 99999999999",
        "RACCOON_PORT           | ٨٠           | a number from 0 to 65535 was expected, not ٨٠",
        "RACCOON_BUILD_SLOTS    | 0            | a number from 1 to 256 was expected, not 0",
        "RACCOON_BUILD_SLOTS    | 257          | a number from 1 to 256 was expected, not 257",
        "RACCOON_OPEN_BUILDS    | yes          | true or false was expected, not yes",
        "RACCOON_BUILD_TIMEOUT  | 15           | a duration such as 90s, 15m or 2h was expected, not 15",
        "RACCOON_BUILD_TIMEOUT  | 0s           | a duration such as 90s, 15m or 2h was expected, not 0s",
        "RACCOON_FETCH_TIMEOUT  | -5s          | a duration such as 90s, 15m or 2h was expected, not -5s",
        "RACCOON_SHUTDOWN_GRACE | 1d           | a duration such as 90s, 15m or 2h was expected, not 1d",
        "RACCOON_LEASE          | 1000000h     | a duration such as 90s, 15m or 2h was expected, not 1000000h",
        "RACCOON_LEASE          | 999ms        | a duration of at least 1s was expected, not 999ms",
        "RACCOON_BUILD_LOG      | 257MiB       | a size of at most 256MiB was expected, not 257MiB",
        "RACCOON_OTP_DIRS       | /opt/otp:otp | an absolute path was expected, not otp",
        "RACCOON_REBAR3         | rebar3       | an absolute path was expected, not rebar3",
        "RACCOON_ELIXIR         | elixir       | an absolute path was expected, not elixir",
        "RACCOON_HEX_ARCHIVE    | hex.ez       | an absolute path was expected, not hex.ez",
        "RACCOON_KERL           | kerl         | an absolute path was expected, not kerl",
        "KERL_BASE_DIR          | kerl         | an absolute path was expected, not kerl",
        "RACCOON_BUILD_LOG      | 1MB          | a size such as 512MiB or 2GiB was expected, not 1MB",
        "RACCOON_BUILD_LOG      | 0            | a size such as 512MiB or 2GiB was expected, not 0",
        "RACCOON_BUILD_ARTIFACT | 999999999999GiB | a size such as 512MiB or 2GiB was expected, not 999999999999GiB",
        "RACCOON_MIN_FREE_DISK  | -1           | a size such as 512MiB or 2GiB was expected, not -1",
        "RACCOON_DEFAULT_ERLANG | R16          | An Erlang/OTP version looks like 25 or 25.3.2.8.",
        "RACCOON_ARTIFACTS      | /srv         | file:///a/folder or s3://bucket/prefix was expected, not /srv",
        "RACCOON_ARTIFACTS      | file://host/srv | file:///a/folder or s3://bucket/prefix was expected, not file://host/srv",
        "RACCOON_ARTIFACTS      | file:srv     | file:///a/folder or s3://bucket/prefix was expected, not file:srv",
        "RACCOON_PUBLIC_URL     | example.org  | an address such as https://raccoon.example.org was expected, not example.org",
        "RACCOON_PUBLIC_URL     | https://x?y  | an address such as https://raccoon.example.org was expected, not https://x?y",
        "RACCOON_GIT_HOSTS      | https://x.org | a host such as github.com or git.example.org:8443 was expected, not https://x.org",
        "RACCOON_GIT_HOSTS      | x.org/acme   | a host such as github.com or git.example.org:8443 was expected, not x.org/acme",
        "RACCOON_GIT_REWRITES   | https://x/   | PREFIX=TARGET was expected, not https://x/",
      })
  void aWrongValueIsToldWithItsSetting(String name, String value, String sentence) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(Map.of(name, value)))
        .withMessage(name + ": " + sentence);
  }

  @Test
  void aPathThatNoFileSystemHasIsToldWithItsSetting() {
    for (String name : List.of("RACCOON_DATA_DIR", "RACCOON_OTP_DIRS", "PATH", "KERL_BASE_DIR")) {
      assertThatExceptionOfType(SettingsException.class)
          .isThrownBy(() -> Settings.of(Map.of(name, "/a\0b")))
          .withMessageStartingWith(name + ": Nul character not allowed");
    }
  }

  @Test
  void aMisspeltNameOfOursIsRefusedWithTheListOfThoseThereAre() {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(Map.of("RACCOON_PROT", "1", "LANG", "C", "HOME", "/x")))
        .withMessage("There is no setting RACCOON_PROT. There are: " + NAMES + ".");
  }

  @Test
  void theEnvironmentComesBeforeTheFile() throws IOException {
    Path file = file("RACCOON_PORT = 1\n# héllo\nRACCOON_HOST=::1\n");

    Http http = Settings.of(Map.of("RACCOON_PORT", "2"), file).http();

    assertThat(http).isEqualTo(new Http("::1", 2, Optional.empty(), false, Clients.USUAL));
    assertThat(Settings.of(Map.of("LANG", "C"), folder.resolve("none")))
        .isEqualTo(Settings.of(Map.of()));
  }

  @Test
  void everyNameInTheFileMustBeKnown() throws IOException {
    Path file = file("RACOON_PORT=1\n");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(Map.of(), file))
        .withMessage("There is no setting RACOON_PORT. There are: " + NAMES + ".");
  }

  @Test
  void aFileThatCannotBeReadIsNotPassedOver() throws IOException {
    Path broken = file("RACCOON_HOST=\\u00zz\n");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(Map.of(), broken))
        .withMessageStartingWith(broken + " cannot be read: ");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(Map.of(), folder))
        .withMessageStartingWith(folder + " cannot be read: ");
  }

  private Path file(String content) throws IOException {
    return Files.writeString(folder.resolve("raccoon.properties"), content);
  }

  @Test
  void metricsAndHealthAreOpenOrForTokens() {
    assertThat(Settings.of(Map.of("RACCOON_METRICS", "token", "RACCOON_HEALTH", "open")).access())
        .isEqualTo(new Access(false, true));
    assertThat(Settings.of(Map.of("RACCOON_METRICS", "open", "RACCOON_HEALTH", "token")).access())
        .isEqualTo(new Access(true, false));
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> Settings.of(Map.of("RACCOON_HEALTH", "closed")))
        .withMessage("RACCOON_HEALTH: open or token was expected, not closed");
  }
}
