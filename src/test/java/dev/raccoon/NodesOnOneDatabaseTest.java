package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.config.DataDirectory;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.queue.NodeStore;
import dev.raccoon.testing.FixtureRepositories;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two real server processes that share a database and an artifact store. */
class NodesOnOneDatabaseTest {
  private static final Actor ADA = Actor.commandLine("ada");
  private static final String SILENT = request("silent", "silent-2s");

  @TempDir Path folder;
  private final TestDatabase database = TestDatabase.fresh();
  private final Jdbi jdbi = database.database().jdbi();
  private final Map<String, String> settings = new HashMap<>();
  private final List<Member> members = new ArrayList<>();

  /** A server with its data directory. */
  private record Member(ServerProcess server, Path data) {
    String node() {
      return DataDirectory.nodeId(data).orElseThrow().toString();
    }

    List<Path> workFolders() {
      try (Stream<Path> entries = Files.list(data.resolve("work/builds"))) {
        return entries.toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    FixtureRepositories repositories =
        new FixtureRepositories(Files.createDirectory(folder.resolve("repositories")));
    repositories.make("silent");
    repositories.make("demo");
    settings.put("RACCOON_DATABASE_URL", database.url());
    settings.put("RACCOON_ARTIFACTS", "file:" + folder.resolve("artifacts"));
    settings.put("RACCOON_GIT_REWRITES", "https://git.example.org/=" + repositories.folder() + "/");
    settings.put("RACCOON_SHUTDOWN_GRACE", "100ms");
    settings.put("RACCOON_BUILD_SLOTS", "1");
  }

  @AfterEach
  void end() {
    members.forEach(member -> member.server().close());
    database.close();
  }

  @Test
  void whatAKilledNodeWasBuildingTheOtherFinishesOnceAndSoon() throws Exception {
    Member one = start("one", "serve");
    Member two = start("two", "serve");
    String id = ask(one, SILENT);
    Member killed = memberThatCompiles(id);
    Member other = killed.equals(one) ? two : one;

    killed.server().kill();
    Instant since = Instant.now();
    Patience.await(() -> Optional.of(nodeOf(id)).filter(other.node()::equals));
    assertThat(Duration.between(since, Instant.now()))
        .as("noticed within 10 s, and a moment for the machine")
        .isLessThan(Duration.ofSeconds(13));

    JsonNode build = ended(other, id);
    assertThat(build.get("state").stringValue()).as(other.server().output()).isEqualTo("SUCCEEDED");
    assertThat(build.get("attempt").intValue()).isEqualTo(2);
    assertThat(nodeOf(id)).isEqualTo(other.node());
    assertThat(count("build")).isEqualTo(1);
    assertThat(count("artifact")).isEqualTo(1);
    assertThat(download(other, id)).isEqualTo(200);
  }

  @Test
  void aNodeThatStoodStillUntilItsLeaseRanOutCompletesAndOverwritesNothing() throws Exception {
    settings.put("RACCOON_LEASE", "2s");
    Member one = start("one", "serve");
    Member two = start("two", "serve");
    String id = ask(one, SILENT);
    Member frozen = memberThatCompiles(id);
    Member other = frozen.equals(one) ? two : one;

    frozen.server().freeze();
    JsonNode build = ended(other, id);
    assertThat(build.get("state").stringValue()).as(other.server().output()).isEqualTo("SUCCEEDED");
    List<String> before = rows();
    frozen.server().thaw();
    Patience.await(() ->
        Optional.of(frozen.server().output())
            .filter(log ->
                log.contains("Build " + id + " is another node's by now")
                    || log.contains("The lease of build " + id + " is lost")));
    Patience.await(() -> Optional.of(frozen.workFolders()).filter(List::isEmpty));

    assertThat(rows()).isEqualTo(before);
    assertThat(nodeOf(id)).isEqualTo(other.node());
    assertThat(download(other, id)).isEqualTo(200);
    String next = ask(frozen, request("demo", "1.0.0"));
    assertThat(ended(frozen, next).get("state").stringValue())
        .as("both go on")
        .isEqualTo("SUCCEEDED");
  }

  @Test
  void aDrainedNodeFinishesWhatItHasAndTheOtherTakesTheRest() throws Exception {
    Member one = start("one", "serve");
    Member two = start("two", "serve");
    NodeStore nodes = new NodeStore(jdbi);
    String running = ask(one, SILENT);
    Member drained = memberThatCompiles(running);
    Member other = drained.equals(one) ? two : one;

    nodes.drain(UUID.fromString(drained.node()), true, ADA);
    List<String> asked = new ArrayList<>();
    for (String tag : List.of("1.0.0", "1.0.1", "1.1.0")) {
      asked.add(ask(drained, request("demo", tag)));
    }
    for (String id : asked) {
      assertThat(ended(other, id).get("state").stringValue()).isEqualTo("SUCCEEDED");
      assertThat(nodeOf(id)).isEqualTo(other.node());
    }
    JsonNode finished = ended(other, running);
    assertThat(finished.get("attempt").intValue()).isEqualTo(1);
    assertThat(nodeOf(running)).isEqualTo(drained.node());

    nodes.drain(UUID.fromString(drained.node()), false, ADA);
    nodes.drain(UUID.fromString(other.node()), true, ADA);
    String last = ask(other, "{\"build_id\": \"" + running + "\"}", "/rebuild");
    ended(one, last);
    assertThat(nodeOf(last)).isEqualTo(drained.node());
  }

  @Test
  void oneAnswersAndAnotherBuilds() throws Exception {
    Member web = start("web", "serve", "--no-builds");
    String early = ask(web, request("demo", "1.0.0"));
    JsonNode waits = web.server().build(early);
    assertThat(waits.get("queue").get("waiting_for").stringValue())
        .isEqualTo("No node that is up takes builds.");

    Member worker = start("worker", "worker");
    JsonNode build = ended(web, early);
    assertThat(build.get("state").stringValue())
        .as(worker.server().output())
        .isEqualTo("SUCCEEDED");
    assertThat(nodeOf(early)).isEqualTo(worker.node());
    assertThat(download(web, early)).isEqualTo(200);
    assertThat(web.server().get("/health").get("response").get("nodes").get("detail").stringValue())
        .isEqualTo("1 up");
    assertThat(worker.server().terminate()).isIn(0, 143);
    Patience.await(() -> Optional.of(metric(web, "gauge.nodes.up")).filter(up -> up == 0));
  }

  @Test
  void workIsSpreadOverTheNodesRatherThanHoarded() throws Exception {
    settings.put("RACCOON_BUILD_SLOTS", "4");
    Member one = start("one", "serve");
    Member two = start("two", "serve");
    String first = ask(one, SILENT);
    ended(one, first);

    List<String> again = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      again.add(ask(one, "{\"build_id\": \"" + first + "\"}", "/rebuild"));
    }
    List<String> by = new ArrayList<>();
    for (String id : again) {
      ended(one, id);
      by.add(nodeOf(id));
    }

    assertThat(by).contains(one.node(), two.node());
  }

  private Member start(String name, String... command) throws Exception {
    Path data = folder.resolve(name);
    Map<String, String> own = new HashMap<>(settings);
    own.put("RACCOON_DATA_DIR", data.toString());
    Member member = new Member(ServerProcess.start(folder, own, command), data);
    members.add(member);
    return member;
  }

  /** Waits until it compiles somewhere. */
  private Member memberThatCompiles(String id) {
    Patience.await(() ->
        jdbi.withHandle(handle ->
            handle
                .select(
                    "select 1 from build where id = ? and stage = 'compile'", UUID.fromString(id))
                .mapTo(Integer.class)
                .findOne()));
    String node = nodeOf(id);
    return members.stream().filter(member -> member.node().equals(node)).findFirst().orElseThrow();
  }

  private String nodeOf(String id) {
    return jdbi.withHandle(handle ->
        handle
            .select("select coalesce(node, '') from build where id = ?", UUID.fromString(id))
            .mapTo(String.class)
            .one());
  }

  private int count(String table) {
    return jdbi.withHandle(
        handle -> handle.select("select count(*) from " + table).mapTo(Integer.class).one());
  }

  private List<String> rows() {
    return jdbi.withHandle(handle ->
        handle
            .select(
                """
                select b::text from build b union all select a::text from artifact a
                union all select v::text from version v union all select l::text from log_chunk l order by 1
                """)
            .mapTo(String.class)
            .list());
  }

  private static String request(String fixture, String ref) {
    return """
    {"full_name": "acme/%s", "clone_url": "https://git.example.org/%s.git", "versions": [{"ref": "%s"}]}
    """
        .formatted(fixture, fixture, ref);
  }

  private static String ask(Member member, String request) throws Exception {
    return ask(member, request, "/buildAsync");
  }

  private static String ask(Member member, String request, String path) throws Exception {
    JsonNode answer = member.server().post(path, request);
    return answer.get("response").get("builds").get(0).get("build_id").stringValue();
  }

  private static JsonNode ended(Member member, String id) {
    return Patience.await(() ->
        Optional.of(get(member, "/builds/" + id).get("response"))
            .filter(build -> build.get("build_date").isString()));
  }

  private static int metric(Member member, String name) {
    return get(member, "/metrics?format=json").get(name).intValue();
  }

  private static JsonNode get(Member member, String path) {
    try {
      return member.server().get(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int download(Member member, String id) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(member.server().url() + "/download/" + id)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }
}
