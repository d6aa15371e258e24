package dev.raccoon.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.RequestStore;
import dev.raccoon.catalog.Scenario;
import dev.raccoon.catalog.Wanted;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
      flood.add(ask("flood/demo" + i, Build.Origin.API, "25"));
    }
    assertThat(claimed()).isEqualTo(flood.get(0));
    assertThat(claimed()).isEqualTo(flood.get(1));
    BuildId first = ask("quiet/demo", Build.Origin.API, "25");
    BuildId second = ask("quiet/other", Build.Origin.API, "25");

    assertThat(List.of(claimed(), claimed(), claimed(), claimed(), claimed()))
        .containsExactly(flood.get(2), first, flood.get(3), second, flood.get(4));
  }

  @Test
  void neitherCaseNorPackageMakesANamespaceAnother() {
    BuildId one = ask("flood/one", Build.Origin.API, "25");
    BuildId two = ask("Flood/two", Build.Origin.API, "25");
    BuildId other = ask("quiet/demo", Build.Origin.API, "25");

    assertThat(List.of(claimed(), claimed(), claimed())).containsExactly(one, other, two);
  }

  @Test
  void whatIsAskedForInBulkComesWhenNothingElseWaits() {
    BuildId bulk = ask("acme/old", Build.Origin.BULK, "25");
    BuildId asked = ask("acme/demo", Build.Origin.API, "25");
    BuildId again = ask("acme/other", Build.Origin.REBUILD, "25");

    assertThat(List.of(claimed(), claimed(), claimed())).containsExactly(asked, again, bulk);
  }

  @Test
  void aBuildThatRunsAgainKeepsItsTurn() {
    BuildId first = ask("acme/demo", Build.Origin.API, "25");
    ask("acme/other", Build.Origin.API, "25");
    queue.release(queue.claim(node, Claims.ANYTHING, HOLDS).orElseThrow());

    assertThat(claimed()).isEqualTo(first);
  }

  @Test
  void aNodeTakesWhatItCanBuildWhateverWaitsBeforeThat() {
    for (int i = 0; i < 5; i++) {
      ask("acme/demo" + i, Build.Origin.API, "27");
    }
    BuildId exact = ask("other/demo", Build.Origin.API, "25.3");
    BuildId major = ask("other/demo", Build.Origin.API, "25");
    BuildId any = ask("other/demo", Build.Origin.API, "");
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
    BuildId nobodys = ask("acme/demo", Build.Origin.API, "19");
    Fleet.Keys keys = new Fleet.Keys(Set.of("", "25"), Set.of("", "25", "27"));

    assertThat(queue.claim(node, keys, HOLDS).orElseThrow().build()).isEqualTo(nobodys);
  }

  @Test
  void aBuildThatIsHandedOverIsTakenByWhoHasWhatItNeeds() {
    BuildId build = ask("acme/demo", Build.Origin.API, "");
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

  private BuildId ask(String name, Build.Origin origin, String otp) {
    PackageName full = PackageName.parse(name);
    Wanted wanted =
        new Wanted(
            Optional.of(new Ref("1.0.0")),
            Optional.of(otp).filter(text -> !text.isEmpty()).map(OtpSelector::parse));
    var recorded =
        scenario.requests.record(
            new RequestStore.NewRequest(
                full,
                CloneUrl.parse("https://git.example.org/" + full + ".git"),
                origin,
                List.of(new Wanted.OrBuilt(wanted, Optional.empty(), Optional.empty()))));
    return ((dev.raccoon.catalog.Recorded.Accepted) recorded).builds().getFirst();
  }
}
