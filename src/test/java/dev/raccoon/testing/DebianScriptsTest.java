package dev.raccoon.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianScriptsTest {
  @TempDir private Path folder;

  @Test
  void aLibraryIsARepositoryWithOneTaggedCommitOfErlangSources() throws Exception {
    DebianLibraries.Library getopt = DebianLibraries.require("getopt");
    Path clone = folder.resolve("getopt");

    Program.Ended cloned =
        Program.run(
            new ProcessBuilder(
                "git", "clone", "-q", "-b", getopt.tag(), getopt.url(), clone.toString()));

    assertThat(cloned.status()).as(cloned.errors()).isZero();
    assertThat(clone.resolve("src/getopt.erl")).content().contains("-module(getopt).");
    assertThat(getopt.tag()).matches("[0-9]+(\\.[0-9]+)+");
  }

  @Test
  void whatWasFetchedOnceNeedsNoMirror() throws IOException {
    DebianLibraries.Library getopt = DebianLibraries.require("getopt");
    String cached = getopt.repository().resolveSibling("").toString();

    Program.Ended ended =
        DebianScript.run("debian-libraries", deadMirrorInAList(), cached, "getopt");

    assertThat(ended.status()).as(ended.errors()).isZero();
    assertThat(ended.output().strip()).isEqualTo(getopt.repository() + " " + getopt.tag());
  }

  @Test
  void anotherErlangRunsBesideTheMachinesOwn() throws Exception {
    Path root = DebianOtp.require("trixie");

    Program.Ended ended =
        Program.run(
            new ProcessBuilder(
                root.resolve("bin/erl").toString(),
                "-noshell",
                "-eval",
                "io:put_chars(erlang:system_info(otp_release)), halt()."));

    assertThat(ended.output()).as(ended.errors()).isEqualTo("27");
    assertThat(root.resolve("releases/27/OTP_VERSION")).content().startsWith("27.");
  }

  @Test
  void aDeadMirrorInAListEndsTheLibrariesWithOneLine() throws IOException {
    Program.Ended ended =
        DebianScript.run(
            "debian-libraries", deadMirrorInAList(), folder.resolve("libs").toString());

    assertThat(ended)
        .isEqualTo(
            new Program.Ended(
                1,
                "",
                "debian-libraries: the Debian mirror of this machine's apt sources does not answer\n"));
  }

  @Test
  void aDeadMirrorInASourcesFileEndsTheOtpWithOneLine() throws IOException {
    Program.Ended ended =
        DebianScript.run(
            "debian-otp", deadMirrorInASourcesFile(), "trixie", folder.resolve("otp").toString());

    assertThat(ended)
        .isEqualTo(
            new Program.Ended(
                1,
                "",
                "debian-otp: the Debian mirror of this machine's apt sources does not answer\n"));
  }

  @Test
  void aMachineWithoutADebianMirrorIsToldSo() throws IOException {
    Map<String, String> settings = sources("none.list", "deb http://127.0.0.1:1/other x main");

    Program.Ended ended =
        DebianScript.run("debian-libraries", settings, folder.resolve("libs").toString());

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.errors())
        .isEqualTo("debian-libraries: no Debian mirror in the apt sources of this machine\n");
  }

  // Nobody listens on port 1 of this machine.
  private Map<String, String> deadMirrorInAList() throws IOException {
    return sources("dead.list", "deb [arch=amd64] http://127.0.0.1:1/debian/ bookworm main\n");
  }

  private Map<String, String> deadMirrorInASourcesFile() throws IOException {
    return sources(
        "dead.sources",
        """
        Types: deb
        URIs: http://127.0.0.1:1/debian-security
        Suites: bookworm-security
        Components: main
        Enabled: no

        Types: deb
        URIs:
          http://127.0.0.1:1/debian
        Suites: bookworm bookworm-updates
        Components: main
        """);
  }

  /** An environment in which apt believes that the machine has these sources. */
  private Map<String, String> sources(String file, String content) throws IOException {
    Path parts = Files.createDirectories(folder.resolve("sources"));
    Files.writeString(parts.resolve(file), content);
    Path settings = folder.resolve("apt.conf");
    Files.writeString(
        settings,
        """
        Dir::Etc::SourceList "/dev/null";
        Dir::Etc::SourceParts "%s";
        Dir::Etc::Parts "/dev/null";
        """
            .formatted(parts));
    return Map.of("APT_CONFIG", settings.toString());
  }
}
