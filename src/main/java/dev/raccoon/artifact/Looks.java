package dev.raccoon.artifact;

import dev.raccoon.value.Sha256;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was found when artifacts were read whole: whether their bytes were right, and what {@code I}
 * told them then from any others. Those of which nobody asked for longest are forgotten.
 * Thread-safe.
 */
final class Looks<I> {
  private static final int MOST = 30_000;

  private final Map<Sha256, Look<I>> looks = new LinkedHashMap<>(16, 0.75f, true);

  private record Look<I>(I identity, boolean whole) {}

  /** Whether {@code digest} was whole, if it was looked at when it was {@code identity}. */
  synchronized Optional<Boolean> find(Sha256 digest, I identity) {
    return Optional.ofNullable(looks.get(digest))
        .filter(look -> look.identity().equals(identity))
        .map(Look::whole);
  }

  /** Whether {@code digest} was not whole when it was last looked at, whatever it is now. */
  synchronized boolean wasDamaged(Sha256 digest) {
    return Optional.ofNullable(looks.get(digest)).filter(look -> !look.whole()).isPresent();
  }

  synchronized void remember(Sha256 digest, I identity, boolean whole) {
    looks.put(digest, new Look<>(identity, whole));
    if (looks.size() > MOST) {
      looks.remove(looks.keySet().iterator().next());
    }
  }
}
