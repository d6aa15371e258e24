package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.GitRepository;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import dev.raccoon.value.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A git tag goes in, a package comes out: the whole way, with real git, rebar3 and sandbox. */
class BuildPipelineTest {
  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start(folder);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aTagBecomesAPackageWithItsModulesItsApplicationAndItsConfiguration() throws Exception {
    JsonNode build = server.build("demo", "[{\"ref\": \"1.0.1\"}]").getFirst();
    Map<String, byte[]> members = unpacked(download(build));
    assertThat(members)
        .containsKeys("ebin/demo.app", "ebin/demo.beam", "enot_config.json")
        .allSatisfy((name, bytes) -> assertThat(name).doesNotStartWith("c_src"));
    JsonNode config = configuration(build);
    assertThat(config.get("name").stringValue()).isEqualTo("demo");
    assertThat(config.get("fullname").stringValue()).isEqualTo("acme/demo");
    assertThat(config.get("url").stringValue()).isEqualTo("https://git.example.org/demo");
    assertThat(config.get("tag").stringValue()).isEqualTo("1.0.1");
    assertThat(config.get("app_vsn").stringValue()).isEqualTo("1.0.1");
    assertThat(build.get("commit").stringValue())
        .isEqualTo(server.repository("demo").commitOf("1.0.1"));
  }

  @Test
  void aRequestThatNamesNoVersionBuildsTheNewestTagThatIsNoPreRelease() throws Exception {
    JsonNode build = server.build("demo", "null").getFirst();
    assertThat(build.get("ref").stringValue()).isEqualTo("1.1.0");
    JsonNode config = configuration(build);
    assertThat(config.get("app_vsn").stringValue())
        .as("{vsn, git} reads the local tag reference")
        .isEqualTo("1.1.0");
  }

  @Test
  void aBranchAndACommitAreBuiltAsWell() throws Exception {
    GitRepository demo = server.repository("demo");
    String commit = demo.commitOf("1.0.0");
    JsonNode branch = server.build("demo", "{\"ref\": \"main\"}").getFirst();
    JsonNode byCommit = server.build("demo", "{\"ref\": \"%s\"}".formatted(commit)).getFirst();
    assertThat(branch.get("commit").stringValue()).isEqualTo(demo.commitOf("main"));
    assertThat(byCommit.get("commit").stringValue()).isEqualTo(commit);
  }

  @Test
  void asyncAnswersAtOnceAndEveryBuildCanBeFollowedFromThereToItsEnd() throws Exception {
    Reply reply =
        server.post("/buildAsync", server.request("other_name", "[{\"ref\": \"1.0.0\"}]"));
    JsonNode queued = reply.response().get("builds").get(0);
    assertThat(reply.response().get("request_id").stringValue()).isNotEmpty();
    assertThat(queued.get("state").stringValue()).isIn("QUEUED", "RUNNING");
    assertThat(queued.get("path").stringValue())
        .isEqualTo("/builds/" + queued.get("build_id").stringValue());
    JsonNode ended = server.ended(queued.get("build_id").stringValue());
    assertThat(ended.get("state").stringValue()).isEqualTo("SUCCEEDED");
    assertThat(unpacked(download(ended))).containsKey("ebin/inner_name.app");
  }

  @Test
  void bothStreamsAreTheLogOfAGoodBuildAndOfABadOne() throws Exception {
    JsonNode good = server.build("loud", "{\"ref\": \"loud-100k\"}").getFirst();
    assertThat(log(good)).contains("out 00000001", "err 00000001", "==> Succeeded");
    JsonNode bad = server.ended("broken", "{\"ref\": \"0.1.0\"}");
    assertThat(log(bad)).contains("function answer/0 undefined", "==> Failed");
  }

  @Test
  void whatDoesNotCompileFailsWithTheCompilersOwnLine() throws Exception {
    JsonNode build = server.ended("broken", "{\"ref\": \"0.1.0\"}");
    assertThat(build.get("state").stringValue()).isEqualTo("FAILED");
    assertThat(build.get("failure").stringValue()).isEqualTo("COMPILE");
    assertThat(build.get("message").stringValue()).contains("broken.erl").contains("answer/0");
    Reply sync = server.post("/buildSync", server.request("broken", "{\"ref\": \"0.1.0\"}"));
    assertThat(sync.json().get("result").booleanValue()).isFalse();
    assertThat(sync.response().stringValue()).contains("acme/broken 0.1.0", "answer/0");
  }

  @Test
  void aFailedBuildIsTriedAnewAndAGoodOneIsAnsweredAgain() throws Exception {
    JsonNode bad =
        server.ended("broken", "{\"ref\": \"0.1.0\", \"erl_version\": \"" + major() + "\"}");
    JsonNode badAgain =
        server.ended("broken", "{\"ref\": \"0.1.0\", \"erl_version\": \"" + major() + "\"}");
    assertThat(id(badAgain)).isNotEqualTo(id(bad));
    String versions = "{\"ref\": \"0.2.0\", \"erl_version\": \"" + major() + "\"}";
    JsonNode good = server.build("broken", versions).getFirst();
    JsonNode goodAgain = server.build("broken", versions).getFirst();
    assertThat(id(goodAgain)).isEqualTo(id(good));
  }

  @Test
  void rebuildsAreNewBuildsAndInWhicheverSlotTheyRunTheirBytesAreTheSame() throws Exception {
    JsonNode first = server.build("demo", "{\"ref\": \"1.0.0\"}").getFirst();
    List<String> again = List.of(rebuild(first), rebuild(first));
    assertThat(again).doesNotHaveDuplicates().doesNotContain(id(first));
    for (String id : again) {
      JsonNode second = server.ended(id);
      assertThat(Sha256.of(download(second))).isEqualTo(Sha256.of(download(first)));
    }
  }

  private static String rebuild(JsonNode build) {
    Reply reply = server.post("/rebuild", "{\"build_id\": \"" + id(build) + "\"}");
    return reply.response().get("builds").get(0).get("build_id").stringValue();
  }

  @Test
  void twoRefsThatNameOneCommitDoNotShareItsTagInTheirTrees() throws Exception {
    GitRepository demo = server.repository("demo");
    demo.tag("also-1.1.0", demo.commitOf("1.1.0"));
    List<JsonNode> builds =
        server.build("demo", "[{\"ref\": \"1.1.0\"}, {\"ref\": \"also-1.1.0\"}]");
    JsonNode alone = server.build("demo", "[{\"ref\": \"1.1.0\"}]").getFirst();
    assertThat(Sha256.of(download(builds.getFirst()))).isEqualTo(Sha256.of(download(alone)));
    demo.deleteTag("also-1.1.0");
  }

  @Test
  void aTagThatIsNotThereIsTheSourcesFault() throws Exception {
    JsonNode build = server.ended("demo", "{\"ref\": \"9.9.9\"}");
    assertThat(build.get("failure").stringValue()).isEqualTo("SOURCE");
    assertThat(build.get("message").stringValue())
        .isEqualTo(
            "https://git.example.org/demo.git has no tag, branch or commit 9.9.9 that can be built.");
  }

  @Test
  void aRepositoryThatIsNotThereIsTheSourcesFaultAndLeavesNoPath() throws Exception {
    Reply reply =
        server.post(
            "/buildAsync",
            "{\"full_name\": \"acme/gone\", \"clone_url\": \"https://git.example.org/gone.git\"}");
    JsonNode build =
        server.ended(reply.response().get("builds").get(0).get("build_id").stringValue());
    assertThat(build.get("failure").stringValue()).isEqualTo("SOURCE");
    assertThat(build.get("message").stringValue() + log(build))
        .contains("https://git.example.org/gone.git")
        .doesNotContain(folder.toString());
  }

  @Test
  void anOtpThatNobodyHasFailsWithTheListOfThoseThatAreThere() throws Exception {
    JsonNode build = server.ended("demo", "{\"ref\": \"1.0.0\", \"erl_version\": \"19\"}");
    assertThat(build.get("failure").stringValue()).isEqualTo("TOOLCHAIN");
    assertThat(build.get("message").stringValue())
        .isEqualTo(
            "This server does not have OTP 19. It has "
                + server.server().installations().describe()
                + ".");
    assertThat(build.get("erl_version").stringValue()).isEqualTo("19");
  }

  @Test
  void theRepositorysOwnListOfOtpVersionsSplitsTheRequest() throws Exception {
    Reply reply = server.post("/buildAsync", server.request("otp_list", "null"));
    JsonNode first =
        server.ended(reply.response().get("builds").get(0).get("build_id").stringValue());
    assertThat(first.get("state").stringValue()).isEqualTo("SUCCEEDED");
    Reply sync = server.post("/buildSync", server.request("otp_list", "null"));
    List<String> majors =
        Stream.of(sync.response())
            .filter(JsonNode::isObject)
            .flatMap(response -> response.get("builds").valueStream())
            .map(row -> row.get("erl_version").stringValue())
            .toList();
    boolean hasBoth = server.server().installations().all().size() > 1;
    if (hasBoth) {
      assertThat(majors).containsExactlyInAnyOrder("25", "27");
    } else {
      assertThat(sync.response().stringValue()).contains("on OTP 27: This server does not have");
    }
    JsonNode config = configuration(first);
    assertThat(config.get("fullname").stringValue())
        .as("a repository cannot say that it is another")
        .isEqualTo("acme/otp_list");
  }

  @Test
  void anUmbrellaGivesAnArtifactForEachApplication() throws Exception {
    JsonNode build = server.build("two_apps", "null").getFirst();
    byte[] one = server.get("/download/" + id(build) + "?app=one").http().body();
    byte[] two = server.get("/download/" + id(build) + "?app=two").http().body();
    assertThat(unpacked(one)).containsKey("ebin/one.app");
    assertThat(unpacked(two)).containsKey("ebin/two.app");
    assertThat(server.get("/download/" + id(build) + "?app=three").status()).isEqualTo(404);
    assertThat(got("two_apps", "two")).isEqualTo(two);
    assertThat(got("two_apps", "three"))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("No such build");
    assertThat(build.get("artifacts").valueStream().map(row -> row.get("app").stringValue()))
        .containsExactly("one", "two");
  }

  @Test
  void whereverARebarConfigPutsTheOutputItIsPacked() throws Exception {
    JsonNode build = server.build("moved_output", "null").getFirst();
    assertThat(unpacked(server.get("/download/" + id(build)).http().body()))
        .containsKeys("ebin/moved_output.app", "ebin/moved_output.beam");
  }

  @Test
  void nativeCodeIsPackedAndWhatItNeedsIsRecorded() throws Exception {
    GitRepository repository = server.repository("native_code");
    String demo = server.repository("demo").commitOf("1.0.0");
    repository.commitSubmodule("c_src/demo", demo, module("c_src/demo", "../demo.git"));
    repository.tag("1.1.0", "main");

    JsonNode build = server.build("native_code", "{\"ref\": \"1.1.0\"}").getFirst();

    assertThat(build.get("message").stringValue()).isEmpty();
    assertThat(unpacked(download(build)))
        .containsKeys("priv/lib/native_code.so", "priv/bin/port", "ebin/native_code.beam");
    JsonNode needs = build.get("native");
    assertThat(needs.get("processors").size()).isEqualTo(1);
    assertThat(needs.get("c_libraries").get(0).stringValue()).matches("glibc 2\\.[0-9]+");
    assertThat(needs.get("nif_version").stringValue()).matches("2\\.[0-9]+");
    assertThat(server.get("/build_log?build_id=" + id(build)).text())
        .contains("Submodule c_src/demo is commit " + demo);
  }

  @Test
  void aSubmoduleAtAFileIsTheSourcesFault() throws Exception {
    GitRepository repository = server.repository("broken");
    repository.commitSubmodule("d", "ab".repeat(20), module("d", "file:///etc"));
    repository.branch("with-a-file", "main");

    JsonNode build = server.ended("broken", "{\"ref\": \"with-a-file\"}");

    assertThat(build.get("failure").stringValue()).isEqualTo("SOURCE");
    assertThat(build.get("message").stringValue()).startsWith("The submodule d is at file:///etc:");
  }

  @Test
  void aTagOfNoCommitIsTheSourcesFault() throws Exception {
    GitRepository repository = server.repository("not_erlang");
    repository.git("tag", "a-blob", repository.git("hash-object", "-w", "--stdin"));

    JsonNode build = server.ended("not_erlang", "{\"ref\": \"a-blob\"}");

    assertThat(build.get("failure").stringValue()).isEqualTo("SOURCE");
    assertThat(build.get("message").stringValue()).contains("a-blob that can be built");
  }

  @Test
  void aSourceThatIsNoUtf8IsTheCompilersToJudge() throws Exception {
    GitRepository repository = server.repository("broken");
    Path tree = folder.resolve("latin1");
    Path source = Files.createDirectories(tree.resolve("src")).resolve("broken.erl");
    String module = "-module(broken).\n-export([answer/0]).\nanswer() -> \"caf\u00e9\".\n";
    Files.writeString(source, module, StandardCharsets.ISO_8859_1);
    repository.commit(tree, "In ISO 8859-1, without saying so");
    repository.branch("latin1", "main");

    JsonNode build = server.ended("broken", "{\"ref\": \"latin1\"}");

    assertThat(build.get("failure").stringValue()).isEqualTo("COMPILE");
    assertThat(build.get("message").stringValue()).contains("broken.erl");
  }

  private static String module(String path, String url) {
    return "[submodule \"x\"]\n\tpath = %s\n\turl = %s\n".formatted(path, url);
  }

  private static byte[] got(String name, String app) {
    String body = "{\"full_name\": \"acme/%s\", \"app\": \"%s\"}".formatted(name, app);
    return server.post("/get", body).http().body();
  }

  @Test
  void aTagThatMovedIsANewVersionAndGetKeepsServingTheFirst() throws Exception {
    GitRepository repository = server.repository("missing_vsn");
    String before = repository.commitFile("src/missing_vsn.app.src", application("1"));
    repository.tag("2.0.0", before);
    JsonNode first = server.build("missing_vsn", "{\"ref\": \"2.0.0\"}").getFirst();
    String after = repository.commitFile("src/missing_vsn.app.src", application("2"));
    repository.moveTag("2.0.0", after);
    JsonNode moved = server.build("missing_vsn", "{\"ref\": \"2.0.0\"}").getFirst();
    assertThat(id(moved)).isNotEqualTo(id(first));
    assertThat(moved.get("commit").stringValue()).isEqualTo(after);
    assertThat(moved.get("moved").booleanValue()).isTrue();
    byte[] served =
        server
            .post(
                "/get", "{\"full_name\": \"acme/missing_vsn\", \"versions\": {\"ref\": \"2.0.0\"}}")
            .http()
            .body();
    assertThat(Sha256.of(served)).isEqualTo(Sha256.of(download(first)));
    assertThat(Sha256.of(download(moved))).isNotEqualTo(Sha256.of(served));
  }

  @Test
  void whatIsNoErlangIsToldSoBeforeAnythingRuns() throws Exception {
    JsonNode build = server.ended("not_erlang", "[{\"ref\": \"1.0.0\"}]");
    assertThat(build.get("failure").stringValue()).isEqualTo("SOURCE");
    assertThat(build.get("message").stringValue()).contains("no Erlang code");
  }

  @Test
  void whatIsNoApplicationFailsThoughRebar3IsContent() throws Exception {
    GitRepository repository = server.repository("not_erlang");
    repository.tag("1.0.1", repository.commitFile("rebar.config", ""));
    JsonNode build = server.ended("not_erlang", "[{\"ref\": \"1.0.1\"}]");
    assertThat(build.get("failure").stringValue()).isEqualTo("COMPILE");
    assertThat(build.get("message").stringValue())
        .isEqualTo(
            "The repository has no OTP application: rebar3 compiled nothing that can be packed.");
  }

  @Test
  void aDependencyThatCannotBeHadIsNamed() throws Exception {
    JsonNode build = server.ended("needs_network", "null");
    assertThat(build.get("failure").stringValue()).isEqualTo("DEPENDENCY");
  }

  @Test
  void aLinkOutOfTheTreeRefusesThePackage() throws Exception {
    for (String fixture : List.of("escaping_link", "escaping_priv")) {
      JsonNode build = server.ended(fixture, "null");
      assertThat(build.get("state").stringValue()).as(fixture).isEqualTo("FAILED");
      assertThat(build.get("message").stringValue()).as(fixture).contains("priv");
    }
  }

  @Test
  void aBuildSeesNothingOfTheServerAndNoNetwork() throws Exception {
    JsonNode build = server.build("leaks_env", "null").getFirst();
    assertThat(log(build))
        .contains("whoami: builder")
        .doesNotContain("RACCOON", folder.toString(), "postgresql");
  }

  @Test
  void aBuildWritesNowhereButIntoItsTree() throws Exception {
    JsonNode build = server.build("writes_outside", "null").getFirst();
    assertThat(log(build).lines().filter(line -> line.startsWith("wrote: ")))
        .as("its tree, and folders that are its alone and gone with it")
        .isSubsetOf("wrote: .", "wrote: /tmp", "wrote: /home/b", "wrote: /dev/shm");
  }

  @Test
  void aBuildThatPrints50MegabytesSucceedsAndItsLogIsWholeUpToItsLimit() throws Exception {
    JsonNode build = server.build("loud", "{\"ref\": \"loud-50m\"}").getFirst();
    byte[] log = server.get("/build_log?build_id=" + id(build)).http().body();
    String text = new String(log, StandardCharsets.UTF_8);
    assertThat(log.length).isBetween(10 << 20, (10 << 20) + 200);
    assertThat(text).contains("out 00000001", "bytes are left out here", "==> Succeeded");
    List<String> whole =
        text.lines().filter(line -> line.startsWith("out ")).limit(30_000).toList();
    for (int i = 0; i < whole.size(); i++) {
      assertThat(whole.get(i)).startsWith("out %08d ".formatted(i + 1));
    }
  }

  @Test
  void nothingIsLeftInTheWorkFolderWhenAllHasEnded() throws Exception {
    server.build("unicode_description", "null");
    Path work = server.data().resolve("work");
    Patience.await(() -> isEmpty(work) ? Optional.of(true) : Optional.empty());
  }

  private static boolean isEmpty(Path work) {
    try (Stream<Path> entries = Files.walk(work, 2)) {
      return entries.noneMatch(path -> work.relativize(path).getNameCount() == 2);
    } catch (IOException e) {
      return false;
    }
  }

  private static String application(String description) {
    return """
    {application, missing_vsn, [{vsn, "2.0.0"}, {description, "%s"}, {applications, [kernel, stdlib]}]}.
    """
        .formatted(description);
  }

  private static int major() {
    return server.server().installations().newest().orElseThrow().version().major();
  }

  private static String id(JsonNode build) {
    return build.get("build_id").stringValue();
  }

  private static String log(JsonNode build) {
    return server.log(id(build));
  }

  private static byte[] download(JsonNode build) {
    return server.get("/download/" + id(build)).http().body();
  }

  private static JsonNode configuration(JsonNode build) throws IOException {
    byte[] file = unpacked(download(build)).getOrDefault("enot_config.json", new byte[0]);
    return new JsonMapper().readTree(file);
  }

  private static Map<String, byte[]> unpacked(byte[] tar) throws IOException {
    Map<String, byte[]> members = new HashMap<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        members.put(entry.getName(), in.readAllBytes());
      }
    }
    return members;
  }
}
