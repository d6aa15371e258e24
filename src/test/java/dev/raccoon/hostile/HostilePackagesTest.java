package dev.raccoon.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Every attack, in every step that it can be run in, on one real server: it gets nothing, ends as
 * it must, the build beside it succeeds, the server answers as usual, and nothing is left behind.
 * An attack that gets what it wants prints a line that begins with {@code BREACH:}.
 */
class HostilePackagesTest {
  private static final Path REPORT = Path.of("target", "hostile-report.md");

  @TempDir static Path folder;
  private static HostileServer server;
  private static Raid raid;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        !System.getProperty("user.name").equals("root"),
        "the embedded PostgreSQL refuses root: run it as an ordinary user");
    server = new HostileServer(folder);
    raid = new Raid(server, Files.createDirectory(folder.resolve("trees")));
  }

  @AfterAll
  static void stop() throws IOException {
    if (server != null) {
      server.close();
    }
    if (raid != null) {
      new Report(raid.outcomes()).write(REPORT);
    }
  }

  static Stream<Trial> trials() {
    return Trial.groups().stream().flatMap(List::stream);
  }

  static Stream<Attack> controls() {
    return trials().map(Trial::attack).filter(attack -> attack.control().isPresent()).distinct();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trials")
  void isContained(Trial trial) throws IOException {
    Outcome outcome = raid.of(trial);
    String log = outcome.log();

    assertThat(log.lines().filter("attack begins"::equals)).as(log).hasSameSizeAs(trial.steps());
    assertThat(trial.attack().endings())
        .as(outcome.build() + "\n" + log)
        .anyMatch(ending -> ending.is(outcome.build()));
    assertThat(log).doesNotContain(server.secrets().all());
    assertThat(outcome.build().toString()).doesNotContain(server.secrets().all());
    assertThat(log.length()).isLessThan(HostileServer.LOG_BYTES + 1000);
    assertThat(outcome.callers()).as("who has connected to this machine").isEmpty();
    hurtsNobody(outcome);
    givesAHarmlessPackage(outcome);
    assumeTrue(
        trial.attack().needs().isEmpty() || server.hasControlGroups(),
        trial + ": nothing stops it without control groups; bin/test as root has them");
    assertThat(log.lines().filter(line -> line.startsWith("BREACH:"))).isEmpty();
  }

  private static void hurtsNobody(Outcome outcome) {
    assertThat(outcome.neighbour().build().get("state").stringValue())
        .as(outcome.neighbour().log())
        .isEqualTo("SUCCEEDED");
    assertThat(outcome.neighbour().log()).doesNotContain("BREACH:");
    assertThat(outcome.health()).containsOnly("UP");
    assertThat(outcome.leftovers()).as("what is left behind").isEmpty();
  }

  private static void givesAHarmlessPackage(Outcome outcome) throws IOException {
    JsonNode path = outcome.build().get("artifact_path");
    byte[] artifact = path.isNull() ? new byte[0] : server.get(path.stringValue()).body();
    TarArchiveInputStream members = new TarArchiveInputStream(new ByteArrayInputStream(artifact));
    for (TarArchiveEntry member = members.getNextEntry();
        member != null;
        member = members.getNextEntry()) {
      assertThat(member.isDirectory() || (member.isFile() && !member.isLink()))
          .as(member.getName())
          .isTrue();
      assertThat(member.getName()).matches("[a-zA-Z0-9_./ -]+").doesNotStartWith("/");
      assertThat(List.of(member.getName().split("/", -1))).doesNotContain("..");
      assertThat(member.getMode() & 07000).as("set-uid, set-gid, sticky").isZero();
      assertThat(new String(members.readAllBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain(server.secrets().all())
          .doesNotContain("root:x:0");
    }
  }

  /** An attack that could never succeed would prove nothing. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("controls")
  void wouldSucceedWithoutASandbox(Attack attack) throws Exception {
    Trial trial = new Trial(attack, List.of("compile"));
    Path tree = raid.tree(trial);
    ProcessBuilder shell =
        new ProcessBuilder(
                "sh", "-c", "set -a; . ./target; STEP=compile CONTROL=yes; exec sh attack.sh")
            .directory(tree.toFile())
            .redirectErrorStream(true);
    Process process = shell.start();
    process.getOutputStream().close();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Files.deleteIfExists(server.outside().resolve("raccoon-was-here"));

    assertThat(printed.lines()).as(printed).anyMatch(line -> line.startsWith("BREACH:"));
  }

  @Test
  void aBuildFindsNothingOfOneBeforeIt() throws IOException {
    List<Trial> poisons =
        trials().filter(trial -> trial.attack().name().startsWith("poison")).toList();
    assumeTrue(!poisons.isEmpty(), "raccoon.attacks leaves poison out");
    for (Trial poison : poisons) {
      String first = raid.of(poison).build().get("build_id").stringValue();
      String second = server.again(first);

      assertThat(server.awaitEnd(second).get("state").stringValue()).isEqualTo("SUCCEEDED");
      assertThat(server.log(second)).contains("attack begins").doesNotContain("BREACH:");
    }
  }

  @Test
  void whatALogSaysIsTextAndWhatADescriptionSaysIsEscaped() throws IOException {
    Optional<Trial> escapes =
        trials().filter(trial -> trial.attack().name().equals("escapes_and_markup")).findFirst();
    assumeTrue(escapes.isPresent(), "raccoon.attacks leaves escapes_and_markup out");
    JsonNode build = raid.of(escapes.orElseThrow()).build();
    String id = build.get("build_id").stringValue();

    HttpResponse<byte[]> log = server.get("/build_log?build_id=" + id);
    assertThat(log.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(log.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    for (String path :
        List.of(
            "/builds/" + id,
            "/search?name=" + escapes.orElseThrow().repository(),
            "/last_builds")) {
      HttpResponse<byte[]> answer = server.get(path);
      assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("application/json");
      assertThat(new String(answer.body(), StandardCharsets.UTF_8).strip())
          .as(path)
          .matches("[^\\x00-\\x1f\\x7f]*");
    }
  }
}
