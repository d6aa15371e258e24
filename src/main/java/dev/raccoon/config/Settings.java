package dev.raccoon.config;

import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.Limit;
import dev.raccoon.value.LimitAmount;
import dev.raccoon.value.OtpSelector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Everything that an operator can set, with its defaults. {@code docs/operations.md} lists the
 * names for people.
 *
 * @param dataDirectory where all that lasts is kept, unless set otherwise
 * @param databaseUrl a PostgreSQL of the operator's; empty: the embedded one
 */
public record Settings(
    Path dataDirectory,
    Optional<String> databaseUrl,
    Artifacts artifacts,
    Http http,
    Access access,
    Sources sources,
    Toolchains toolchains,
    Builds builds,
    Egress egress,
    RetentionRules retention) {
  /** Heartbeats come several times in a lease. */
  private static final Duration MIN_LEASE = Duration.ofSeconds(1);

  /** Public code hosts and where they keep their downloads. */
  private static final List<String> CODE_HOSTS =
      List.of(
          "github.com",
          "codeload.github.com",
          "raw.githubusercontent.com",
          "objects.githubusercontent.com",
          "release-assets.githubusercontent.com",
          "gitlab.com",
          "codeberg.org",
          "bitbucket.org");

  private static final Pattern FOLDER_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
  private static final Pattern PUBLIC_URL = Pattern.compile("https?://[^/?#@\\s]+(/[^?#\\s]*)?");
  private static final Pattern GIT_HOST =
      Pattern.compile("([0-9a-z]([0-9a-z.-]*[0-9a-z])?|\\[[0-9a-f:.]+\\])(:[0-9]{1,5})?");
  private static final Pattern SUB_DOMAINS =
      Pattern.compile("\\*?\\.[0-9a-z]([0-9a-z.-]*[0-9a-z])?");

  /**
   * What the server listens on and is called by.
   *
   * @param host the address to listen on
   * @param port 0 takes a free one
   * @param publicUrl what clients call the server by; empty: http://host:port
   * @param openBuilds whether builds may be asked for without a token beyond loopback
   */
  public record Http(
      String host, int port, Optional<String> publicUrl, boolean openBuilds, Clients clients) {
    /** The host as a URL on this machine has it. */
    public String reachableHost() {
      return switch (host) {
        case "0.0.0.0" -> "127.0.0.1";
        case "::", "[::]" -> "[::1]";
        default -> host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
      };
    }
  }

  /**
   * Where packages and logs are kept.
   *
   * @param service who keeps buckets, for this place and for others that a command names
   * @param redirects whether clients are sent to the bucket to fetch packages there
   */
  public record Artifacts(ArtifactPlace place, ArtifactPlace.Service service, boolean redirects) {}

  /**
   * What of the server's own state is open to whoever asks.
   *
   * @param metricsOpen whether {@code /metrics} needs no token
   * @param healthOpen whether {@code /health} tells of each part without a token
   */
  public record Access(boolean metricsOpen, boolean healthOpen) {}

  /**
   * Where repositories may be fetched from.
   *
   * @param rewrites an operator's own mirrors: URL prefixes with their replacements, whose targets
   *     are trusted
   * @param hosts which hosts may be cloned, each a name or name:port in lower case; empty: any
   *     public one. One with its port may be private
   * @param fetchTimeout for one fetch, start to end
   */
  public record Sources(List<Rewrite> rewrites, List<String> hosts, Duration fetchTimeout) {}

  /**
   * A URL that begins with {@code prefix} is fetched from {@code target} and the rest instead.
   *
   * @param prefix begins with https://; one without a closing slash ends where a segment does
   * @param target an absolute path, or a URL with the scheme file, https or http; ends with a slash
   *     where the prefix does
   */
  public record Rewrite(String prefix, String target) {
    private static final Pattern PREFIX = Pattern.compile("https://[^/\\s]+(/\\S*)?");
    private static final Pattern TARGET = Pattern.compile("/.*|file:///.*|https?://[^/].*");

    public Rewrite {
      if (!PREFIX.matcher(prefix).matches()) {
        throw new SettingsException(
            "a clone URL's beginning such as https://github.com/ was expected, not " + prefix);
      }
      if (!TARGET.matcher(target).matches()) {
        throw new SettingsException(
            "a mirror's absolute path or its file:///, https:// or http:// address was expected, not "
                + target);
      }
      // Clone URLs have their host in lower case.
      int path = prefix.indexOf('/', "https://".length());
      int end = path < 0 ? prefix.length() : path;
      prefix = prefix.substring(0, end).toLowerCase(Locale.ROOT) + prefix.substring(end);
      if (prefix.endsWith("/") && !target.endsWith("/")) {
        target = target + "/";
      }
    }

    static Rewrite parse(String raw) {
      int equals = raw.indexOf('=');
      if (equals < 0) {
        throw new SettingsException("PREFIX=TARGET was expected, not " + raw);
      }
      return new Rewrite(raw.substring(0, equals), raw.substring(equals + 1));
    }

    /** Where {@code url} is fetched from, if it begins with the prefix. */
    public Optional<String> apply(String url) {
      if (!url.startsWith(prefix)) {
        return Optional.empty();
      }
      // Otherwise https://example.org would also stand for https://example.org.attacker.net.
      String rest = url.substring(prefix.length());
      boolean whole = prefix.endsWith("/") || rest.isEmpty() || rest.startsWith("/");
      return whole ? Optional.of(target + rest) : Optional.empty();
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
      Optional<Path> kerlBase,
      Programs programs) {}

  /**
   * Programs that the operator names; where none is, they are looked for. All paths are absolute.
   *
   * @param rebar3 programs, or folders of them
   * @param elixir installations' roots, or folders of them
   * @param hexArchives files {@code hex-*.ez}, or folders of them
   * @param kerl the program itself
   */
  public record Programs(
      List<Path> rebar3, List<Path> elixir, List<Path> hexArchives, Optional<Path> kerl) {}

  /**
   * How many builds run, and within which limits.
   *
   * @param slots how many builds run at once
   * @param sandboxed whether builds run in the sandbox, and none where it does not work
   * @param controlGroup the folder of cgroup v1 in which builds' groups are made
   * @param limits of one build, unless an administrator has said otherwise of its package
   * @param minFreeDiskBytes below which no build starts
   * @param shutdownGrace how long running builds may go on after SIGTERM before they go back to the
   *     queue
   * @param lease how long a claim holds without a heartbeat
   */
  public record Builds(
      int slots,
      boolean sandboxed,
      String controlGroup,
      BuildLimits limits,
      long minFreeDiskBytes,
      Duration shutdownGrace,
      Duration lease) {
    /** The most memory that all builds at once may take: their files lie in memory as well. */
    public long mostMemoryBytes() {
      return slots * (limits.amount(Limit.MEMORY) + limits.amount(Limit.DISK));
    }
  }

  /**
   * What a build's prepare step, and a fetch, may do on the network.
   *
   * @param hosts which hosts may be connected to, on top of those that may be cloned by name: each
   *     a name, name:port (which may be private), .name or *.name (what is below it), or any
   * @param bytes of one build, or of one fetch, in both directions together
   * @param requestTimeout for one request, start to end
   * @param certificates the file of the authorities that are trusted; empty: the machine's own
   * @param hexMirror where Hex packages are fetched from; empty: builds have no mirror of Hex
   * @param cacheBytes what was fetched and is kept for other builds takes at most that much
   */
  public record Egress(
      List<String> hosts,
      long bytes,
      Duration requestTimeout,
      Optional<Path> certificates,
      Optional<HexMirror> hexMirror,
      long cacheBytes) {}

  /**
   * An operator's own mirror of the Hex repository, which is trusted.
   *
   * @param url http or https, without a closing slash; it may hold a user and a password
   * @param key the file of its public key in PEM; empty: it hands on what Hex itself has signed
   */
  public record HexMirror(String url, Optional<Path> key) {
    private static final Pattern URL =
        Pattern.compile("https?://(?:[^/?#@\\s]*@)?[^/?#@\\s]+(/[^?#\\s]*)?");

    public HexMirror {
      if (!URL.matcher(url).matches()) {
        throw new SettingsException(
            "a mirror's address such as https://hex.example.org was expected");
      }
      url = url.replaceFirst("/+$", "");
    }

    @Override
    public String toString() {
      return "HexMirror[…]";
    }
  }

  /**
   * The settings of this process: its environment, and {@code raccoon.properties} where it stands,
   * if there.
   *
   * @throws SettingsException when one is not known, or has no such value
   */
  public static Settings ofProcess() {
    return of(System.getenv(), Path.of("raccoon.properties"));
  }

  /** What {@code environment} sets counts; {@code file}, if it is there, says the rest. */
  static Settings of(Map<String, String> environment, Path file) {
    Map<String, String> written = PropertiesFile.read(file);
    Map<String, String> values = new HashMap<>(written);
    values.putAll(environment);
    SettingsReader reader = new SettingsReader(values);
    Settings settings = read(reader);
    reader.refuseUnknown(written.keySet());
    return settings;
  }

  /**
   * The settings that {@code values} (names as in the environment) give; whatever is unset has its
   * default.
   *
   * @throws SettingsException when one is not known, or has no such value
   */
  public static Settings of(Map<String, String> values) {
    return read(new SettingsReader(values));
  }

  private static Settings read(SettingsReader reader) {
    Path data =
        reader.parsed("RACCOON_DATA_DIR", Path.of("data"), Path::of).toAbsolutePath().normalize();
    Settings settings =
        new Settings(
            data,
            reader.text("RACCOON_DATABASE_URL"),
            artifacts(reader, data.resolve("artifacts")),
            http(reader),
            access(reader),
            sources(reader),
            toolchains(reader),
            builds(reader),
            egress(reader),
            RetentionRules.read(reader));
    reader.refuseUnknown();
    return settings;
  }

  private static Artifacts artifacts(SettingsReader reader, Path whenUnset) {
    ArtifactPlace.Service service =
        new ArtifactPlace.Service(
            reader.parsed(
                "RACCOON_S3_ENDPOINT",
                Optional.empty(),
                raw -> Optional.of(ArtifactPlace.Service.endpoint(raw))),
            reader.parsed(
                "RACCOON_S3_REGION",
                Optional.empty(),
                raw -> Optional.of(ArtifactPlace.Service.region(raw))));
    ArtifactPlace place =
        reader.parsed(
            "RACCOON_ARTIFACTS",
            new ArtifactPlace.Folder(whenUnset),
            raw -> ArtifactPlace.parse(raw, service));
    boolean redirects = reader.flag("RACCOON_ARTIFACT_REDIRECTS", false);
    if (redirects && place instanceof ArtifactPlace.Folder) {
      throw new SettingsException(
          "RACCOON_ARTIFACT_REDIRECTS sends clients to a bucket: set RACCOON_ARTIFACTS to one as"
              + " well");
    }
    return new Artifacts(place, service, redirects);
  }

  private static Http http(SettingsReader reader) {
    return new Http(
        reader.text("RACCOON_HOST").orElse("127.0.0.1"),
        reader.number("RACCOON_PORT", 8080, 0, 65_535),
        reader.parsed("RACCOON_PUBLIC_URL", Optional.empty(), raw -> Optional.of(publicUrl(raw))),
        reader.flag("RACCOON_OPEN_BUILDS", false),
        Clients.read(reader));
  }

  private static Access access(SettingsReader reader) {
    return new Access(
        reader.parsed("RACCOON_METRICS", true, Settings::isOpen),
        reader.parsed("RACCOON_HEALTH", true, Settings::isOpen));
  }

  private static boolean isOpen(String raw) {
    return switch (raw) {
      case "open" -> true;
      case "token" -> false;
      default -> throw new SettingsException("open or token was expected, not " + raw);
    };
  }

  private static Sources sources(SettingsReader reader) {
    return new Sources(
        reader.list("RACCOON_GIT_REWRITES", ",", Rewrite::parse),
        reader.list("RACCOON_GIT_HOSTS", ",", Settings::gitHost),
        reader.duration("RACCOON_FETCH_TIMEOUT", Duration.ofMinutes(5)));
  }

  private static Toolchains toolchains(SettingsReader reader) {
    return new Toolchains(
        reader.list("RACCOON_OTP_DIRS", ":", Settings::absolute),
        reader.parsed(
            "RACCOON_DEFAULT_ERLANG", Optional.empty(), raw -> Optional.of(OtpSelector.parse(raw))),
        reader.list("PATH", ":", Path::of).stream().filter(Path::isAbsolute).toList(),
        reader.parsed("KERL_BASE_DIR", kerlInHome(reader), raw -> Optional.of(absolute(raw))),
        new Programs(
            reader.list("RACCOON_REBAR3", ":", Settings::absolute),
            reader.list("RACCOON_ELIXIR", ":", Settings::absolute),
            reader.list("RACCOON_HEX_ARCHIVE", ":", Settings::absolute),
            reader.parsed("RACCOON_KERL", Optional.empty(), raw -> Optional.of(absolute(raw)))));
  }

  /** A relative one would be another folder for whoever set it: bin/run changes folders. */
  private static Path absolute(String raw) {
    Path path = Path.of(raw);
    if (!path.isAbsolute()) {
      throw new SettingsException("an absolute path was expected, not " + raw);
    }
    return path;
  }

  private static Optional<Path> kerlInHome(SettingsReader reader) {
    return reader.parsed("HOME", Optional.empty(), home -> Optional.of(Path.of(home, ".kerl")));
  }

  private static Builds builds(SettingsReader reader) {
    int processors = Runtime.getRuntime().availableProcessors();
    return new Builds(
        reader.number("RACCOON_BUILD_SLOTS", Math.max(2, processors), 1, 256),
        reader.parsed("RACCOON_SANDBOX", true, Settings::sandboxed),
        reader.parsed("RACCOON_CGROUP", "raccoon", Settings::folderName),
        limits(reader),
        reader.bytes("RACCOON_MIN_FREE_DISK", 1L << 30, 0, Long.MAX_VALUE),
        reader.duration("RACCOON_SHUTDOWN_GRACE", Duration.ofSeconds(10), Duration.ZERO),
        reader.duration("RACCOON_LEASE", Duration.ofSeconds(8), MIN_LEASE));
  }

  private static Egress egress(SettingsReader reader) {
    List<String> hosts = reader.list("RACCOON_EGRESS_HOSTS", ",", Settings::egressHost);
    return new Egress(
        hosts.isEmpty() ? CODE_HOSTS : hosts,
        reader.bytes("RACCOON_EGRESS_BYTES", 1L << 30, 1, BuildLimits.MOST),
        reader.duration("RACCOON_EGRESS_REQUEST_TIMEOUT", Duration.ofMinutes(5)),
        reader.parsed("SSL_CERT_FILE", Optional.empty(), raw -> Optional.of(Path.of(raw))),
        hexMirror(reader),
        reader.bytes("RACCOON_CACHE_SIZE", 10L << 30, 0, BuildLimits.MOST));
  }

  private static Optional<HexMirror> hexMirror(SettingsReader reader) {
    Optional<Path> key =
        reader.parsed(
            "RACCOON_HEX_MIRROR_KEY", Optional.empty(), raw -> Optional.of(absolute(raw)));
    Optional<HexMirror> mirror =
        reader.parsed(
            "RACCOON_HEX_MIRROR", Optional.empty(), raw -> Optional.of(new HexMirror(raw, key)));
    if (key.isPresent() && mirror.isEmpty()) {
      throw new SettingsException(
          "RACCOON_HEX_MIRROR_KEY is the key of a mirror: set RACCOON_HEX_MIRROR as well");
    }
    return mirror;
  }

  private static boolean sandboxed(String raw) {
    return switch (raw) {
      case "bubblewrap" -> true;
      case "none" -> false;
      default -> throw new SettingsException("bubblewrap or none was expected, not " + raw);
    };
  }

  private static String folderName(String raw) {
    if (!FOLDER_NAME.matcher(raw).matches()) {
      throw new SettingsException("a folder's name such as raccoon was expected, not " + raw);
    }
    return raw;
  }

  private static BuildLimits limits(SettingsReader reader) {
    Map<Limit, Long> amounts = new EnumMap<>(Limit.class);
    Duration time = reader.duration("RACCOON_BUILD_TIMEOUT", Duration.ofMinutes(15));
    Duration silence = reader.duration("RACCOON_BUILD_SILENCE", Duration.ofMinutes(5));
    amounts.put(Limit.TIME, time.toMillis());
    amounts.put(Limit.SILENCE, silence.toMillis());
    amounts.put(Limit.MEMORY, bytes(reader, "RACCOON_BUILD_MEMORY", 2L << 30, Limit.MEMORY));
    amounts.put(Limit.PROCESSES, count(reader, "RACCOON_BUILD_PROCESSES", 512, Limit.PROCESSES));
    amounts.put(Limit.DISK, bytes(reader, "RACCOON_BUILD_DISK", 2L << 30, Limit.DISK));
    amounts.put(Limit.FILES, count(reader, "RACCOON_BUILD_FILES", 200_000, Limit.FILES));
    amounts.put(
        Limit.OPEN_FILES, count(reader, "RACCOON_BUILD_OPEN_FILES", 1024, Limit.OPEN_FILES));
    amounts.put(Limit.LOG, bytes(reader, "RACCOON_BUILD_LOG", 10L << 20, Limit.LOG));
    amounts.put(
        Limit.ARTIFACT, bytes(reader, "RACCOON_BUILD_ARTIFACT", 256L << 20, Limit.ARTIFACT));
    return new BuildLimits(amounts);
  }

  private static long bytes(SettingsReader reader, String name, long whenUnset, Limit limit) {
    LimitAmount.Range range = LimitAmount.range(limit);
    return reader.bytes(name, whenUnset, range.least(), range.most());
  }

  private static long count(SettingsReader reader, String name, int whenUnset, Limit limit) {
    LimitAmount.Range range = LimitAmount.range(limit);
    return reader.number(name, whenUnset, (int) range.least(), (int) range.most());
  }

  private static String publicUrl(String raw) {
    if (!PUBLIC_URL.matcher(raw).matches()) {
      throw new SettingsException(
          "an address such as https://raccoon.example.org was expected, not " + raw);
    }
    return raw.replaceFirst("/+$", "");
  }

  private static String gitHost(String raw) {
    String host = raw.toLowerCase(Locale.ROOT);
    if (!GIT_HOST.matcher(host).matches()) {
      throw new SettingsException(
          "a host such as github.com or git.example.org:8443 was expected, not " + raw);
    }
    return host;
  }

  private static String egressHost(String raw) {
    String host = raw.toLowerCase(Locale.ROOT);
    return SUB_DOMAINS.matcher(host).matches() ? host : gitHost(raw);
  }
}
