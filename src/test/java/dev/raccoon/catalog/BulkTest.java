package dev.raccoon.catalog;

import static dev.raccoon.catalog.Scenario.DEMO;
import static dev.raccoon.catalog.Scenario.tag;
import static dev.raccoon.catalog.Scenario.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.catalog.BulkFeedStore.Listed;
import dev.raccoon.catalog.BulkFeedStore.Preview;
import dev.raccoon.catalog.BulkFeedStore.Step;
import dev.raccoon.queue.CancelStore;
import dev.raccoon.queue.Lease;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many versions that are wanted at once, and whom that keeps waiting. */
class BulkTest {
  private static final Actor ADA = Actor.commandLine("ada");
  private static final PackageName OTHER = new PackageName("Other", "lib");

  private final Scenario scenario = new Scenario();
  private final BulkStore bulks = new BulkStore(scenario.jdbi, new CancelStore(scenario.jdbi));
  private final BulkFeedStore feed = new BulkFeedStore(scenario.jdbi, scenario.requests);

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void everyVersionIsQueuedOnceAndWhatIsBuiltWellIsSkipped() {
    scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.good(DEMO, tag("1.0.1", 2, "25.3"));
    scenario.good(DEMO, tag("1.0.1", 2, "27.1"));
    scenario.good(OTHER, tag("0.1", 3, "25.3"));

    Bulk bulk = fed(all("27"));

    assertThat(bulk.skipped()).isEqualTo(1);
    assertThat(bulk.builds().waiting()).isEqualTo(2);
    assertThat(bulk.state()).isEqualTo(Bulk.State.BUILDING);
    assertThat(waiting()).containsExactlyInAnyOrder("acme/demo 1.0.0 27", "Other/lib 0.1 27");

    assertThat(fed(all("27")).builds().waiting()).as("the same builds answer it").isEqualTo(2);
    assertThat(waiting()).hasSize(2);
  }

  @Test
  void anExactVersionIsBuiltWhereOnlyAnotherOfItsReleaseIs() {
    scenario.good(DEMO, tag("1.0.0", 1, "27.1"));

    assertThat(fed(all("27")).builds().waiting()).isZero();
    assertThat(fed(all("27.1")).builds().waiting()).isZero();
    assertThat(fed(all("27.2")).builds().waiting()).isEqualTo(1);
  }

  @Test
  void whatIsBuiltWellIsBuiltAgainOnlyWhereThatIsSaid() {
    BuildId old = scenario.good(DEMO, tag("1.0.0", 1, "27.1"));

    Bulk bulk = fed(new Bulk.Terms(OtpSelector.parse("27"), Namespaces.ALL, Set.of(), true));

    assertThat(bulk.builds().waiting()).isEqualTo(1);
    Lease lease = scenario.claim();
    assertThat(lease.build()).isNotEqualTo(old);
    assertThat(scenario.resolutions.resolve(lease, tag("1.0.0", 1, "27.1")).built())
        .as("nothing stands for it")
        .isEmpty();
  }

  @Test
  void onlyNamespacesThatAreNamedAreLookedAt() {
    scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.good(OTHER, tag("0.1", 3, "25.3"));

    fed(new Bulk.Terms(OtpSelector.parse("27"), Namespaces.of(List.of("OTHER")), Set.of(), false));

    assertThat(waiting()).containsExactly("Other/lib 0.1 27");
  }

  @Test
  void whatFailedInSomeWayTheLastTimeIsBuiltAgain() {
    failed("1.0.0", "27.1", FailureKind.COMPILE);
    failed("1.0.1", "27.1", FailureKind.DEPENDENCY);
    failed("1.0.2", "25.3", FailureKind.COMPILE);
    failed("1.0.3", "27.1", FailureKind.COMPILE);
    failed("1.0.3", "27.1", FailureKind.LIMIT);
    failed("1.0.4", "27.1", FailureKind.COMPILE);
    scenario.good(DEMO, tag("1.0.4", 9, "27.1"));
    failedEarly("no-such-tag", FailureKind.SOURCE);

    fed(failed("27", FailureKind.COMPILE));
    assertThat(waiting()).containsExactly("acme/demo 1.0.0 27");
    fed(failed("27", FailureKind.SOURCE, FailureKind.LIMIT));
    assertThat(waiting())
        .containsExactlyInAnyOrder(
            "acme/demo 1.0.0 27", "acme/demo 1.0.3 27", "acme/demo no-such-tag 27");
  }

  @Test
  void aLookQueuesNothing() {
    scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.good(DEMO, tag("1.0.1", 2, "27.1"));
    List<String> before = scenario.everything();

    assertThat(feed.preview(all("27"), 10))
        .isEqualTo(new Preview(1, 1, List.of(new Listed(DEMO, "1.0.0"))));
    assertThat(feed.preview(all("28"), 1).first()).hasSize(1);

    assertThat(scenario.everything()).isEqualTo(before);
  }

  @Test
  void howeverManyServersFeedAndAreInterruptedEachIsQueuedOnce() throws Exception {
    for (int i = 0; i < 40; i++) {
      scenario.good(DEMO, tag("1.0." + i, i + 1, "25.3"));
    }
    Bulk bulk = bulks.ask(all("27"), ADA);
    int servers = 4;
    CyclicBarrier start = new CyclicBarrier(servers);
    Callable<Void> server =
        () -> {
          start.await();
          while (bulks.find(bulk.id()).orElseThrow().fedAt().isEmpty()) {
            // Each as if it were another server, which knows only what the record says.
            var _ = new BulkFeedStore(scenario.jdbi, scenario.requests).feed(bulk.id());
          }
          return null;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(servers)) {
      List<Future<Void>> all = new ArrayList<>();
      for (int i = 0; i < servers; i++) {
        all.add(threads.submit(server));
      }
      for (Future<Void> each : all) {
        each.get();
      }
    }

    assertThat(waiting()).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void onlySomeWaitAtATimeAndMoreComeAsTheyEnd() {
    for (int i = 0; i < BulkFeedStore.MOST_WAITING + 5; i++) {
      scenario.good(DEMO, tag("1.0." + i, i + 1, "25.3"));
    }
    Bulk bulk = bulks.ask(all("27"), ADA);

    assertThat(feedAll(bulk.id()).state()).isEqualTo(Bulk.State.QUEUEING);
    assertThat(waiting()).hasSize(BulkFeedStore.MOST_WAITING);

    for (int i = 0; i < 5; i++) {
      scenario.claim();
    }
    Bulk now = feedAll(bulk.id());
    assertThat(now.builds().waiting()).isEqualTo(BulkFeedStore.MOST_WAITING);
    assertThat(now.builds().running()).isEqualTo(5);
  }

  @Test
  void whoeverAsksForABuildPassesBeforeThemAndTakesTheirBuildAlong() {
    for (int i = 0; i < 3; i++) {
      scenario.good(DEMO, tag("1.0." + i, i + 1, "25.3"));
    }
    fed(all("27"));
    BuildId own = scenario.ask(OTHER, wanted("0.1", "27")).builds().getFirst();
    BuildId same = scenario.ask(DEMO, wanted("1.0.2", "27")).builds().getFirst();
    BuildId again = scenario.rebuild(DEMO, wanted("1.0.0", "27")).builds().getFirst();

    assertThat(List.of(claimed(), claimed(), claimed()))
        .containsExactlyInAnyOrder(own, same, again);
    assertThat(waiting()).hasSize(2).allMatch(build -> build.startsWith("acme/demo 1.0."));
  }

  @Test
  void aBulkIsCancelledButForWhatOthersWaitFor() {
    for (int i = 0; i < 4; i++) {
      scenario.good(DEMO, tag("1.0." + i, i + 1, "25.3"));
    }
    Bulk bulk = bulks.ask(all("27"), ADA);
    for (int i = 0; i < 3; i++) {
      assertThat(feed.feed(bulk.id())).isEqualTo(Step.MOVED);
    }
    BuildId shared = scenario.ask(DEMO, wanted("1.0.1", "27")).builds().getFirst();

    Bulk cancelled = bulks.cancel(bulk.id(), ADA).orElseThrow();

    assertThat(cancelled.state()).isEqualTo(Bulk.State.CANCELLED);
    assertThat(cancelled.builds().cancelled()).isEqualTo(2);
    assertThat(scenario.find(shared).state()).isEqualTo(BuildState.QUEUED);
    assertThat(feed.feed(bulk.id())).isEqualTo(Step.RESTS);
    assertThat(feed.open()).isEmpty();
    assertThat(waiting()).hasSize(1);
    assertThat(bulks.cancel(99, ADA)).isEmpty();
  }

  private Bulk fed(Bulk.Terms terms) {
    return feedAll(bulks.ask(terms, ADA).id());
  }

  private Bulk feedAll(long id) {
    while (feed.feed(id) == Step.MOVED) {}
    return bulks.find(id).orElseThrow();
  }

  private static Bulk.Terms all(String otp) {
    return new Bulk.Terms(OtpSelector.parse(otp), Namespaces.ALL, Set.of(), false);
  }

  private static Bulk.Terms failed(String otp, FailureKind... kinds) {
    return new Bulk.Terms(OtpSelector.parse(otp), Namespaces.ALL, Set.of(kinds), false);
  }

  private void failed(String ref, String otp, FailureKind kind) {
    scenario.rebuild(DEMO, wanted(ref, otp));
    Lease lease = scenario.claim();
    scenario.resolutions.resolve(lease, tag(ref, ref.hashCode() & 0xffff, otp));
    scenario.leased.fail(lease, kind, "It failed.", Scenario.LOG);
  }

  private void failedEarly(String ref, FailureKind kind) {
    scenario.rebuild(DEMO, wanted(ref, ""));
    scenario.leased.fail(scenario.claim(), kind, "It failed.", Scenario.LOG);
  }

  private BuildId claimed() {
    return scenario.claim().build();
  }

  private List<String> waiting() {
    return scenario.jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select p.namespace || '/' || p.name || ' ' || b.asked_ref || ' ' || b.asked_otp
                from build b join package p on p.id = b.package_id where b.state = 'QUEUED'
                """)
            .mapTo(String.class)
            .list());
  }
}
