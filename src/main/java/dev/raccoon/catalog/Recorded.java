package dev.raccoon.catalog;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import java.util.List;
import java.util.UUID;

/** What came of recording a request. */
public sealed interface Recorded {
  /**
   * It is durable, and these builds answer it, in its order: new ones, or earlier ones of the same.
   */
  record Accepted(UUID request, List<BuildId> builds) implements Recorded {}

  /** The package is known, and from another repository. */
  record OtherRepository(CloneUrl known) implements Recorded {}
}
