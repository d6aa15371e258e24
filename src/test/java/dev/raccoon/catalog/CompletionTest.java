package dev.raccoon.catalog;

import static dev.raccoon.catalog.Scenario.DEMO;
import static dev.raccoon.catalog.Scenario.LOG;
import static dev.raccoon.catalog.Scenario.artifact;
import static dev.raccoon.catalog.Scenario.tag;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.queue.Lease;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.Ref;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CompletionTest {
  private final Scenario scenario = new Scenario();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void aGoodBuildHasItsArtifactsItsLogAndItsPackagesDescription() {
    Lease lease = running();
    scenario.logs.append(lease, 0, "compiling".getBytes(UTF_8));

    scenario.leased.succeed(
        lease, "A demo", List.of(artifact("aaa", false), artifact("demo", true)), LOG);

    Build build = scenario.find(lease.build());
    assertThat(build.state()).isEqualTo(BuildState.SUCCEEDED);
    assertThat(build.log()).contains(LOG);
    assertThat(build.finishedAt()).isPresent();
    assertThat(scenario.builds.artifacts(lease.build(), Namespaces.ALL))
        .containsExactly(artifact("demo", true), artifact("aaa", false));
    assertThat(scenario.count("package where description = 'A demo'")).isEqualTo(1);
    assertThat(scenario.logs.soFar(lease.build())).isEmpty();
  }

  @Test
  void aBuildOfWhichOneArtifactIsRefusedGoesOnRunningWithNone() {
    Lease lease = running();
    scenario.logs.append(lease, 0, "compiling".getBytes(UTF_8));
    List<String> before = scenario.everything();
    List<Artifact> twoMain = List.of(artifact("demo", true), artifact("other", true));

    assertThatThrownBy(() -> scenario.leased.succeed(lease, "A demo", twoMain, LOG))
        .hasMessageContaining("artifact_main");

    assertThat(scenario.everything()).isEqualTo(before);
    assertThat(scenario.find(lease.build()).state()).isEqualTo(BuildState.RUNNING);
    scenario.leased.succeed(lease, "A demo", List.of(artifact("demo", true)), LOG);
    assertThat(scenario.find(lease.build()).state()).isEqualTo(BuildState.SUCCEEDED);
  }

  @Test
  void aFailedBuildSaysWhyAndKeepsItsLog() {
    scenario.queued("1.0.0");
    Lease lease = scenario.claim();

    scenario.leased.fail(lease, FailureKind.SOURCE, "There is no tag 1.0.0.", LOG);

    Build build = scenario.find(lease.build());
    assertThat(build.state()).isEqualTo(BuildState.FAILED);
    assertThat(build.failure()).contains(FailureKind.SOURCE);
    assertThat(build.message()).isEqualTo("There is no tag 1.0.0.");
    assertThat(build.log()).contains(LOG);
  }

  @Test
  void aBuildThatIsTriedAgainWaitsForItsPauseAndThenCountsOneMoreAttempt() {
    BuildId id = scenario.queued("1.0.0");
    Lease lease = scenario.claim();
    scenario.leased.stage(lease, "fetch");

    scenario.leased.tryAgain(lease, Duration.ofHours(1), "Our fault: no space.");

    Build build = scenario.find(id);
    assertThat(build.state()).isEqualTo(BuildState.QUEUED);
    assertThat(build.message()).isEqualTo("Our fault: no space.");
    assertThat(build.stage()).isEmpty();
    assertThat(scenario.count("build where not_before > now() + interval '59 min'")).isEqualTo(1);

    scenario.sql("update build set not_before = now()");
    assertThat(scenario.claim().build()).isEqualTo(id);
    assertThat(scenario.find(id).attempt()).isEqualTo(2);
  }

  @Test
  void aRunningBuildsLogIsReadInOrderAndBeginsAnewWithTheNextAttempt() {
    scenario.queued("1.0.0");
    Lease lease = scenario.claim();
    scenario.logs.append(lease, 5, "world".getBytes(UTF_8));
    scenario.logs.append(lease, 0, "hello".getBytes(UTF_8));
    scenario.logs.append(lease, 5, "world".getBytes(UTF_8));

    assertThat(scenario.logs.soFar(lease.build()))
        .extracting(bytes -> new String(bytes, UTF_8))
        .containsExactly("hello", "world");

    scenario.leased.tryAgain(lease, Duration.ZERO, "Our fault.");
    scenario.logs.append(scenario.claim(), 0, "again".getBytes(UTF_8));
    assertThat(scenario.logs.soFar(lease.build()))
        .extracting(bytes -> new String(bytes, UTF_8))
        .containsExactly("again");
  }

  @Test
  void theNewestGoodBuildOfExactlyARefAndAnOtpIsFoundWithItsCommit() {
    scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    BuildId newest = scenario.good(DEMO, tag("1.0.0", 2, "25.3"));
    scenario.good(DEMO, tag("1.0.0", 2, "27.1"));
    scenario.good(DEMO, tag("1.0.1", 3, "25.3"));

    assertThat(scenario.builds.newestGood(DEMO, new Ref("1.0.0"), new OtpVersion("25.3")))
        .contains(new BuildStore.Built(newest, Scenario.commit(2)));
    assertThat(scenario.builds.newestGood(DEMO, new Ref("1.0.1"), new OtpVersion("27.1")))
        .isEmpty();
  }

  @Test
  void anUnknownBuildIsNotFound() {
    assertThat(scenario.builds.find(scenario.unknown())).isEmpty();
    assertThat(scenario.builds.artifacts(scenario.unknown(), Namespaces.ALL)).isEmpty();
  }

  private Lease running() {
    scenario.queued("1.0.0");
    Lease lease = scenario.claim();
    scenario.resolutions.resolve(lease, tag("1.0.0", 1, "25.3"));
    return lease;
  }
}
