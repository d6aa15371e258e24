package dev.raccoon.config;

import dev.raccoon.value.OtpSelector;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Everything that an operator can set, with its defaults. {@code docs/operations.md} lists the
 * names for people.
 *
 * @param dataDirectory where all that lasts is kept, unless set otherwise
 * @param databaseUrl a PostgreSQL of the operator's; empty: the embedded one
 * @param artifacts the folder of the artifact store
 */
public record Settings(
    Path dataDirectory,
    Optional<String> databaseUrl,
    Path artifacts,
    Http http,
    Sources sources,
    Toolchains toolchains,
    Builds builds) {

  /**
   * What the server listens on and is called by.
   *
   * @param host the address to listen on
   * @param port 0 takes a free one
   * @param publicUrl what clients call the server by; empty: http://host:port
   * @param openBuilds whether builds may be asked for without a token beyond loopback
   */
  public record Http(String host, int port, Optional<String> publicUrl, boolean openBuilds) {}

  /**
   * Where repositories may be fetched from.
   *
   * @param rewrites an operator's own mirrors: URL prefixes with their replacements, whose targets
   *     are trusted
   * @param hosts which hosts may be cloned; empty: any public one
   * @param fetchTimeout for one fetch, start to end
   */
  public record Sources(List<Rewrite> rewrites, List<String> hosts, Duration fetchTimeout) {}

  /** A URL that begins with {@code prefix} is fetched from {@code target} and the rest instead. */
  public record Rewrite(String prefix, String target) {
    static Rewrite parse(String raw) {
      int equals = raw.indexOf('=');
      if (equals <= 0 || equals == raw.length() - 1) {
        throw new SettingsException("PREFIX=TARGET was expected, not " + raw);
      }
      return new Rewrite(raw.substring(0, equals), raw.substring(equals + 1));
    }
  }

  /**
   * Where Erlang/OTP and the build tools are looked for.
   *
   * @param folders OTP installations' roots, or folders of them
   * @param defaultOtp what is built for when neither request nor repository says; empty: the newest
   * @param searchPath the folders in which programs are looked for
   * @param kerlBase kerl's folder
   */
  public record Toolchains(
      List<Path> folders,
      Optional<OtpSelector> defaultOtp,
      List<Path> searchPath,
      Optional<Path> kerlBase) {}

  /**
   * How many builds run, and within which limits.
   *
   * @param slots how many builds run at once
   * @param timeout wall clock of one build's commands
   * @param logLimitBytes of a build's log: its beginning and its end are kept
   * @param artifactLimitBytes of one package file
   * @param minFreeDiskBytes below which no build starts
   * @param shutdownGrace how long running builds may go on after SIGTERM before they go back to the
   *     queue
   * @param lease how long a claim holds without a heartbeat
   */
  public record Builds(
      int slots,
      Duration timeout,
      long logLimitBytes,
      long artifactLimitBytes,
      long minFreeDiskBytes,
      Duration shutdownGrace,
      Duration lease) {}

  /**
   * The settings of this process: its environment, and {@code raccoon.properties} where it stands,
   * if there.
   */
  public static Settings ofProcess() {
    Map<String, String> values = new HashMap<>(propertiesFile(Path.of("raccoon.properties")));
    values.putAll(System.getenv());
    return of(values);
  }

  /**
   * The settings that {@code values} (names as in the environment) give; whatever is unset has its
   * default.
   */
  public static Settings of(Map<String, String> values) {
    SettingsReader reader = new SettingsReader(values);
    Path data =
        Path.of(reader.text("RACCOON_DATA_DIR").orElse("data")).toAbsolutePath().normalize();
    Settings settings =
        new Settings(
            data,
            reader.text("RACCOON_DATABASE_URL"),
            reader.parsed("RACCOON_ARTIFACTS", data.resolve("artifacts"), Settings::fileUrl),
            http(reader),
            sources(reader),
            toolchains(reader),
            builds(reader));
    reader.refuseUnknown("RACCOON_");
    return settings;
  }

  private static Http http(SettingsReader reader) {
    return new Http(
        reader.text("RACCOON_HOST").orElse("127.0.0.1"),
        reader.number("RACCOON_PORT", 8080, 0, 65_535),
        reader.text("RACCOON_PUBLIC_URL").map(Settings::withoutSlash),
        reader.flag("RACCOON_OPEN_BUILDS", false));
  }

  private static Sources sources(SettingsReader reader) {
    return new Sources(
        reader.list("RACCOON_GIT_REWRITES", ",").stream().map(Rewrite::parse).toList(),
        reader.list("RACCOON_GIT_HOSTS", ","),
        reader.duration("RACCOON_FETCH_TIMEOUT", Duration.ofMinutes(5)));
  }

  private static Toolchains toolchains(SettingsReader reader) {
    return new Toolchains(
        reader.list("RACCOON_OTP_DIRS", ":").stream().map(Path::of).toList(),
        reader.parsed(
            "RACCOON_DEFAULT_ERLANG", Optional.empty(), raw -> Optional.of(OtpSelector.parse(raw))),
        reader.list("PATH", ":").stream().map(Path::of).filter(Path::isAbsolute).toList(),
        reader
            .text("KERL_BASE_DIR")
            .or(() -> reader.text("HOME").map(home -> home + "/.kerl"))
            .map(Path::of));
  }

  private static Builds builds(SettingsReader reader) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new Builds(
        reader.number("RACCOON_BUILD_SLOTS", Math.max(2, processors), 1, 256),
        reader.duration("RACCOON_BUILD_TIMEOUT", Duration.ofMinutes(15)),
        reader.bytes("RACCOON_BUILD_LOG", 10L << 20),
        reader.bytes("RACCOON_BUILD_ARTIFACT", 256L << 20),
        reader.bytes("RACCOON_MIN_FREE_DISK", 1L << 30),
        reader.duration("RACCOON_SHUTDOWN_GRACE", Duration.ofSeconds(10)),
        reader.duration("RACCOON_LEASE", Duration.ofSeconds(20)));
  }

  private static Path fileUrl(String raw) {
    if (!raw.startsWith("file:/")) {
      throw new SettingsException("file:/a/folder was expected, not " + raw);
    }
    return Path.of(raw.substring("file:".length()).replaceFirst("^/+", "/")).normalize();
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  private static Map<String, String> propertiesFile(Path file) {
    Map<String, String> values = new HashMap<>();
    if (Files.isRegularFile(file)) {
      Properties properties = new Properties();
      try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        properties.load(in);
      } catch (IOException | IllegalArgumentException e) {
        throw new SettingsException(file + " cannot be read: " + e.getMessage());
      }
      properties
          .stringPropertyNames()
          .forEach(name -> values.put(name, properties.getProperty(name)));
    }
    return values;
  }
}
