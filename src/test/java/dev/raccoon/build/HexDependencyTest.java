package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.TestHexMirror;
import dev.raccoon.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Packages of Hex, fetched by real rebar3 from a mirror that signs with a key of its own. */
class HexDependencyTest {
  private static final String PLUGIN =
      """
      -module(greeter).
      -export([init/1]).
      init(State) -> io:format("The greeter says hello~n"), {ok, State}.
      """;

  @TempDir static Path folder;
  private static TestHexMirror mirror;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    mirror =
        new TestHexMirror()
            .application("lower", "0.2.0", Map.of())
            .application("upper", "1.0.0", Map.of("lower", "~> 0.1"))
            .publish(
                "greeter",
                "0.1.0",
                Map.of(
                    "src/greeter.app.src",
                    "{application, greeter, [{vsn, \"0.1.0\"}, {applications, [kernel, stdlib]}]}.",
                    "src/greeter.erl",
                    PLUGIN),
                Map.of());
    server = server("own", mirror.key(folder.resolve("hex.pem")));
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
  }

  private static TestServer server(String name, Path key) throws IOException {
    return TestServer.start(
        folder.resolve(name),
        Map.of("RACCOON_HEX_MIRROR", mirror.url(), "RACCOON_HEX_MIRROR_KEY", key.toString()));
  }

  @AfterAll
  static void stop() {
    server.close();
    mirror.close();
  }

  private static String version(String ref) {
    return "[{\"ref\": \"" + ref + "\"}]";
  }

  private static String id(JsonNode build) {
    return build.get("build_id").stringValue();
  }

  private static List<String> tarballs(String status) {
    return mirror.seen().stream().filter(line -> line.startsWith(status + " /tarballs/")).toList();
  }

  @Test
  void packagesAndPluginsComeFromTheMirrorAndEachTarballComesOnce() throws Exception {
    JsonNode first = server.build("hex_dependency", version("1.0.0")).getFirst();
    assertThat(server.log(id(first))).contains("The greeter says hello");
    assertThat(tarballs("200"))
        .containsExactlyInAnyOrder(
            "200 /tarballs/upper-1.0.0.tar",
            "200 /tarballs/lower-0.2.0.tar",
            "200 /tarballs/greeter-0.1.0.tar");

    assertThat(first.get("lock").stringValue()).isEqualTo("made");
    assertThat(used(first)).containsExactlyInAnyOrder("upper 1.0.0", "lower 0.2.0");

    mirror.forget();
    server.build("hex_dependency", version("1.1.0"));
    assertThat(tarballs("200")).as("they were kept").isEmpty();
    assertThat(tarballs("304")).as("the mirror was asked whether they are the same").hasSize(3);
  }

  @Test
  void aLockThatIsMetIsHonoured() throws Exception {
    JsonNode unlocked = server.build("hex_dependency", version("1.0.0")).getFirst();
    GitRepository repository = server.repository("hex_dependency");
    repository.tag("locked", repository.commitFile("rebar.lock", lock(unlocked)));

    JsonNode build = server.build("hex_dependency", version("locked")).getFirst();

    assertThat(build.get("lock").stringValue()).isEqualTo("honoured");
    assertThat(build.get("dependencies")).isEqualTo(unlocked.get("dependencies"));
    assertThat(mirror.seen()).noneMatch(line -> line.startsWith("404"));
  }

  private static List<String> used(JsonNode build) {
    return build
        .get("dependencies")
        .valueStream()
        .map(each -> each.get("name").stringValue() + " " + each.get("version").stringValue())
        .toList();
  }

  /** As rebar3 writes it, of what {@code build} has used. */
  private static String lock(JsonNode build) {
    return """
    {"1.2.0",
    [{<<"lower">>,{pkg,<<"lower">>,<<"0.2.0">>},1},
     {<<"upper">>,{pkg,<<"upper">>,<<"1.0.0">>},0}]}.
    [
    {pkg_hash,[%s]},
    {pkg_hash_ext,[%s]}
    ].
    """
        .formatted(checksums(build, "inner_sha256"), checksums(build, "sha256"));
  }

  private static String checksums(JsonNode build, String which) {
    return build
        .get("dependencies")
        .valueStream()
        .map(each ->
            "{<<\"%s\">>,<<\"%s\">>}"
                .formatted(
                    each.get("name").stringValue(),
                    each.get(which).stringValue().toUpperCase(Locale.ROOT)))
        .collect(Collectors.joining(","));
  }

  @Test
  void aChecksumThatTheLockDoesNotHaveIsSaid() throws Exception {
    JsonNode build = server.ended("hex_dependency", version("bad-lock"));

    assertThat(build.get("failure").stringValue()).isEqualTo("DEPENDENCY");
    assertThat(build.get("message").stringValue())
        .isEqualTo(
            "The dependency upper-1.0.0 is not the one that rebar.lock means: its checksum there is another.");
  }

  @Test
  void aMirrorThatSignsWithAnotherKeyIsNotTrusted() throws Exception {
    try (TestServer other = server("other", TestHexMirror.otherKey(folder.resolve("other.pem")))) {
      JsonNode build = other.ended("hex_dependency", version("1.0.0"));

      assertThat(build.get("failure").stringValue()).isEqualTo("DEPENDENCY");
      assertThat(build.get("message").stringValue())
          .startsWith(
              "The dependency upper could not be had: what the Hex repository hexpm says is not signed with its key.")
          .contains("RACCOON_HEX_MIRROR_KEY");
    }
  }
}
