package dev.raccoon.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.OtpSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** In which order builds are claimed, and by which node. */
class FairnessTest {
  private static final Duration HOLDS = Duration.ofMinutes(1);

  private final Scenario scenario = new Scenario();
  private final QueueStore queue = new QueueStore(scenario.jdbi);
  private final UUID node = UUID.randomUUID();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void aNamespaceThatFloodsTheQueueWaitsBehindItself() {
    List<BuildId> flood = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      flood.add(scenario.waiting("flood/demo" + i, Build.Origin.API, "25"));
    }
    assertThat(claimed()).isEqualTo(flood.get(0));
    assertThat(claimed()).isEqualTo(flood.get(1));
    BuildId first = scenario.waiting("quiet/demo", Build.Origin.API, "25");
    BuildId second = scenario.waiting("quiet/other", Build.Origin.API, "25");

    assertThat(List.of(claimed(), claimed(), claimed(), claimed(), claimed()))
        .containsExactly(flood.get(2), first, flood.get(3), second, flood.get(4));
  }

  @Test
  void neitherCaseNorPackageMakesANamespaceAnother() {
    BuildId one = scenario.waiting("flood/one", Build.Origin.API, "25");
    BuildId two = scenario.waiting("Flood/two", Build.Origin.API, "25");
    BuildId other = scenario.waiting("quiet/demo", Build.Origin.API, "25");

    assertThat(List.of(claimed(), claimed(), claimed())).containsExactly(one, other, two);
  }

  @Test
  void whatIsAskedForInBulkComesWhenNothingElseWaits() {
    BuildId bulk = scenario.waiting("acme/old", Build.Origin.BULK, "25");
    BuildId asked = scenario.waiting("acme/demo", Build.Origin.API, "25");
    BuildId again = scenario.waiting("acme/other", Build.Origin.REBUILD, "25");

    assertThat(List.of(claimed(), claimed(), claimed())).containsExactly(asked, again, bulk);
  }

  @Test
  void aBuildThatRunsAgainKeepsItsTurn() {
    BuildId first = scenario.waiting("acme/demo", Build.Origin.API, "25");
    scenario.waiting("acme/other", Build.Origin.API, "25");
    queue.release(queue.claim(node, Claims.ANYTHING, HOLDS).orElseThrow());

    assertThat(claimed()).isEqualTo(first);
  }

  @Test
  void aNodeTakesWhatItCanBuildWhateverWaitsBeforeThat() {
    for (int i = 0; i < 5; i++) {
      scenario.waiting("acme/demo" + i, Build.Origin.API, "27");
    }
    BuildId exact = scenario.waiting("other/demo", Build.Origin.API, "25.3");
    BuildId major = scenario.waiting("other/demo", Build.Origin.API, "25");
    BuildId any = scenario.waiting("other/demo", Build.Origin.API, "");
    Fleet.Keys keys = new Fleet.Keys(Set.of("", "25", "25.3"), Set.of("", "25", "25.3", "27"));

    List<BuildId> taken = new ArrayList<>();
    for (var lease = queue.claim(node, keys, HOLDS);
        lease.isPresent();
        lease = queue.claim(node, keys, HOLDS)) {
      taken.add(lease.get().build());
    }
    assertThat(taken).containsExactly(exact, major, any);
  }

  @Test
  void whatNobodyCanBuildIsTakenByAnybodyWhoThenSaysSo() {
    BuildId nobodys = scenario.waiting("acme/demo", Build.Origin.API, "19");
    Fleet.Keys keys = new Fleet.Keys(Set.of("", "25"), Set.of("", "25", "27"));

    assertThat(queue.claim(node, keys, HOLDS).orElseThrow().build()).isEqualTo(nobodys);
  }

  @Test
  void aBuildThatIsHandedOverIsTakenByWhoHasWhatItNeeds() {
    BuildId build = scenario.waiting("acme/demo", Build.Origin.API, "");
    Fleet.Keys has25 = new Fleet.Keys(Set.of("", "25"), Set.of("", "25", "27"));
    Fleet.Keys has27 = new Fleet.Keys(Set.of("", "27"), Set.of("", "25", "27"));
    Lease lease = queue.claim(node, has25, HOLDS).orElseThrow();

    queue.handOver(lease, OtpSelector.parse("27"));

    assertThat(queue.claim(node, has25, HOLDS)).isEmpty();
    assertThat(scenario.find(build).attempt()).isZero();
    assertThat(queue.claim(UUID.randomUUID(), has27, HOLDS).orElseThrow().build()).isEqualTo(build);
  }

  private BuildId claimed() {
    return queue.claim(node, Claims.ANYTHING, HOLDS).orElseThrow().build();
  }
}
