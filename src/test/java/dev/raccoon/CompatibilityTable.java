package dev.raccoon;

import dev.raccoon.testing.DebianLibraries;
import dev.raccoon.testing.DebianLibraries.Library;
import dev.raccoon.testing.DebianOtp;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.HexLibrary;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.ServerProcess;
import dev.raccoon.testing.TestHexMirror;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Builds what {@code debian-libraries.list} names, for each Erlang/OTP release that it names, with
 * a server as an operator runs it, and writes what came of each as a table. Run by {@code
 * bench/compatibility}.
 */
final class CompatibilityTable {
  private static final Path LIST = Path.of("src/test/tools/debian-libraries.list");
  private static final List<String> SUITES = List.of("bullseye", "trixie", "forky");

  /** They are built one after another. */
  private static final Duration LONGEST_QUEUE = Duration.ofMinutes(60);

  private static final Pattern COMMAND = Pattern.compile("(?m)^==> (.+), with OTP .*$");

  /** What is asked for: a line of the list and a release. */
  record Wanted(String repository, String tag, String otp) {
    String name() {
      return repository.substring(repository.indexOf('/') + 1);
    }

    boolean isFixture() {
      return repository.startsWith("fixtures/");
    }
  }

  private final Path folder;
  private final Map<String, List<String>> tags = new HashMap<>();
  private final List<Wanted> wanted = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private CompatibilityTable(Path folder) {
    this.folder = folder;
  }

  /** FOLDER REPORT [NAME…]: works in a folder of its own, and writes the table to a file. */
  public static void main(String... arguments) throws Exception {
    CompatibilityTable table = new CompatibilityTable(Path.of(arguments[0]));
    Set<String> names = Set.of(arguments).stream().collect(Collectors.toSet());
    names.removeAll(Set.of(arguments[0], arguments[1]));
    List<String> lines =
        Files.readAllLines(LIST).stream().filter(line -> !line.startsWith("#")).toList();
    try (TestHexMirror mirror = new TestHexMirror()) {
      table.prepare(lines, mirror);
      table.wanted.removeIf(one -> !names.isEmpty() && !names.contains(one.name()));
      Files.writeString(Path.of(arguments[1]), table.build(mirror));
    }
  }

  private void prepare(List<String> lines, TestHexMirror mirror) throws Exception {
    List<String> names =
        lines.stream()
            .filter(line -> !line.startsWith("fixtures/"))
            .map(line -> name(line.substring(0, line.indexOf(' '))))
            .distinct()
            .toList();
    for (Library library : DebianLibraries.all(names)) {
      tags.computeIfAbsent(library.name(), first -> new ArrayList<>()).add(library.tag());
      publish(mirror, library.repository(), library.tag(), library.tag());
      if (library.name().equals("goldrush")) {
        // lager insists on 0.1.9, and Debian has this one for it.
        publish(mirror, library.repository(), library.tag(), "0.1.9");
      }
    }
    FixtureRepositories fixtures = new FixtureRepositories(fixtures());
    GitRepository compiler = fixtures.make("pc");
    publish(mirror, compiler.path(), "1.15.0", "1.15.0");
    Map<String, Integer> seen = new HashMap<>();
    for (String line : lines) {
      String[] fields = line.split(" +");
      String name = name(fields[0]);
      int which = seen.merge(name, 1, Integer::sum) - 1;
      if (fields[0].startsWith("fixtures/")) {
        if (which == 0) {
          fixtures.make(name);
        }
        add(fields, fields[2]);
      } else if (tags.getOrDefault(name, List.of()).size() > which) {
        add(fields, tags.getOrDefault(name, List.of()).get(which));
      } else {
        leftOut.add(fields[1] + " (" + fields[2] + ")");
      }
    }
  }

  private static String name(String repository) {
    return repository.substring(repository.indexOf('/') + 1);
  }

  private void add(String[] fields, String tag) {
    for (int i = 3; i < fields.length; i++) {
      wanted.add(new Wanted(fields[0], tag, fields[i]));
    }
  }

  private void publish(TestHexMirror mirror, Path repository, String tag, String version)
      throws Exception {
    Path tree = Files.createTempDirectory(folder, "hex").resolve("tree");
    HexLibrary.of(repository, tag, tree).publish(mirror, version);
  }

  private Path fixtures() throws IOException {
    return Files.createDirectories(folder.resolve("fixtures"));
  }

  private String build(TestHexMirror mirror) throws Exception {
    try (ServerProcess server = ServerProcess.start(folder, settings(mirror))) {
      List<String> ids = new ArrayList<>();
      for (Wanted one : wanted) {
        ids.add(
            server
                .post("/buildAsync", request(one))
                .at("/response/builds/0/build_id")
                .stringValue());
      }
      CompatibilityReport report = new CompatibilityReport(leftOut);
      for (int i = 0; i < ids.size(); i++) {
        JsonNode build = ended(server, ids.get(i));
        System.out.println(report.add(wanted.get(i), build, tool(server, ids.get(i))));
      }
      return report.text();
    }
  }

  private Map<String, String> settings(TestHexMirror mirror) throws IOException {
    List<Path> roots = SUITES.stream().map(DebianOtp::require).toList();
    // The root is DIR/usr/lib/erlang.
    List<Path> folders = roots.stream().map(root -> root.resolve("../../..").normalize()).toList();
    Path libraries = libraries();
    Stream<String> rewrites =
        wanted.stream()
            .filter(one -> !one.isFixture())
            .map(one -> one.repository().substring(0, one.repository().indexOf('/')))
            .distinct()
            .map(owner -> "https://github.com/" + owner + "/=" + libraries + "/");
    Map<String, String> settings = new HashMap<>();
    settings.put("RACCOON_OTP_DIRS", joined(roots.stream()));
    settings.put("RACCOON_REBAR3", joined(found(folders, "/usr/bin/rebar3", "usr/bin/rebar3")));
    settings.put("RACCOON_ELIXIR", joined(found(folders, "/usr/lib/elixir", "usr/lib/elixir")));
    settings.put("RACCOON_HEX_ARCHIVE", joined(folders.stream()));
    settings.put("RACCOON_HEX_MIRROR", mirror.url());
    settings.put("RACCOON_HEX_MIRROR_KEY", mirror.key(folder.resolve("hex.pem")).toString());
    settings.put("RACCOON_RATE_BUILDS", "off");
    settings.put(
        "RACCOON_GIT_REWRITES",
        Stream.concat(Stream.of("https://git.example.org/=" + fixtures() + "/"), rewrites)
            .collect(Collectors.joining(",")));
    return settings;
  }

  private static Path libraries() {
    return DebianLibraries.all(List.of("getopt")).getFirst().repository().resolveSibling("");
  }

  /** The machine's own, and those of the suites that have one. */
  private static Stream<Path> found(List<Path> folders, String own, String inFolder) {
    return Stream.concat(
            Stream.of(Path.of(own)), folders.stream().map(each -> each.resolve(inFolder)))
        .filter(Files::exists);
  }

  private static String joined(Stream<Path> paths) {
    return paths.map(Path::toString).collect(Collectors.joining(":"));
  }

  private static String request(Wanted one) {
    String url =
        one.isFixture()
            ? "https://git.example.org/" + one.name()
            : "https://github.com/" + one.repository();
    return """
    {"full_name": "compatibility/%s", "clone_url": "%s.git",
     "versions": [{"ref": "%s", "erl_version": "%s"}]}
    """
        .formatted(one.name(), url, one.tag(), one.otp());
  }

  private static JsonNode ended(ServerProcess server, String id) {
    return Patience.await(
        LONGEST_QUEUE,
        () ->
            Optional.of(server.build(id))
                .filter(build ->
                    !Set.of("QUEUED", "RUNNING").contains(build.get("state").stringValue())));
  }

  /** The first words of what it was compiled by. */
  private static String tool(ServerProcess server, String id) throws Exception {
    HttpRequest log =
        HttpRequest.newBuilder(URI.create(server.url() + "/build_log?build_id=" + id)).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      Matcher commands =
          COMMAND.matcher(client.send(log, HttpResponse.BodyHandlers.ofString()).body());
      return commands
          .results()
          .reduce((first, second) -> second)
          .map(found -> found.group(1))
          .orElse("");
    }
  }
}
