package dev.raccoon.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.catalog.DependencyStore.Used;
import dev.raccoon.queue.Lease;
import dev.raccoon.queue.LostLeaseException;
import dev.raccoon.toolchain.ResolvedDependencies.LockUse;
import dev.raccoon.toolchain.ResolvedDependency;
import dev.raccoon.toolchain.ResolvedDependency.Kind;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Sha256;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DependencyStoreTest {
  private static final ResolvedDependency HEX =
      new ResolvedDependency(
          "b",
          Kind.HEX,
          "1.0.0",
          "hexpm/b",
          Optional.of(new Sha256("ab".repeat(32))),
          Optional.empty());
  private static final ResolvedDependency GIT =
      new ResolvedDependency(
          "a", Kind.GIT, "0a".repeat(20), "https://x.org/a", Optional.empty(), Optional.empty());

  @Test
  void whatABuildUsedIsKeptInItsOrderAndALaterRunsWordCounts() {
    try (Scenario scenario = new Scenario()) {
      DependencyStore store = new DependencyStore(scenario.jdbi);
      BuildId build = scenario.queued("1.0.0");
      Lease lease = scenario.claim();
      assertThat(store.of(build)).isEqualTo(new Used(List.of(), LockUse.NONE));

      store.record(lease, new Used(List.of(HEX), LockUse.MADE));
      store.record(lease, new Used(List.of(HEX, GIT), LockUse.CHANGED));

      assertThat(store.of(build)).isEqualTo(new Used(List.of(HEX, GIT), LockUse.CHANGED));
      store.record(lease, new Used(List.of(), LockUse.NONE));
      assertThat(store.of(build)).isEqualTo(new Used(List.of(), LockUse.NONE));
    }
  }

  @Test
  void aNodeThatLostTheBuildRecordsNothing() {
    try (Scenario scenario = new Scenario()) {
      DependencyStore store = new DependencyStore(scenario.jdbi);
      BuildId build = scenario.queued("1.0.0");
      scenario.claim();
      Lease lost = new Lease(build, UUID.randomUUID());

      assertThatExceptionOfType(LostLeaseException.class)
          .isThrownBy(() -> store.record(lost, new Used(List.of(GIT), LockUse.MADE)));
      assertThat(store.of(build)).isEqualTo(new Used(List.of(), LockUse.NONE));
    }
  }
}
