package dev.raccoon.queue;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.RequestStore;
import dev.raccoon.catalog.Wanted;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.PackageName;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * A real build in the queue, claimed as a node claims it, for tests of what happens under a lease.
 */
public final class ClaimedBuild {
  private ClaimedBuild() {}

  /** Records a request for a build of some package and claims that. */
  public static Lease in(Jdbi jdbi) {
    var wanted = List.of(new Wanted.OrBuilt(Wanted.ANYTHING, Optional.empty(), Optional.empty()));
    new RequestStore(jdbi, Clock.systemUTC())
        .record(
            new RequestStore.NewRequest(
                new PackageName("acme", "demo"),
                CloneUrl.parse("https://git.example.com/acme/demo.git"),
                Build.Origin.API,
                wanted));
    return claim(jdbi);
  }

  /** Takes the build of {@code lease} away from its node, as when that has fallen silent. */
  public static void loseTo(Jdbi jdbi, Lease lease) {
    jdbi.useHandle(handle ->
        handle.execute(
            "update build set lease = ? where id = ?", UUID.randomUUID(), lease.build().uuid()));
  }

  private static Lease claim(Jdbi jdbi) {
    return new QueueStore(jdbi)
        .claim(UUID.randomUUID(), Claims.ANYTHING, Duration.ofMinutes(5))
        .orElseThrow();
  }
}
