package dev.raccoon.coon;

import dev.raccoon.catalog.Build;
import dev.raccoon.catalog.BuildState;
import dev.raccoon.queue.Fleet;
import dev.raccoon.queue.QueueControlStore;
import dev.raccoon.queue.QueueControlStore.Place;
import dev.raccoon.value.BuildId;
import java.util.List;
import java.util.Map;

/** Where the builds of an answer wait, in one look at the queue; none if none of them does. */
final class QueuePlaces {
  private final QueueControlStore queue;
  private final Fleet fleet;

  QueuePlaces(QueueControlStore queue, Fleet fleet) {
    this.queue = queue;
    this.fleet = fleet;
  }

  /** The places of those that wait. */
  Map<BuildId, Place> of(List<Build> builds) {
    List<BuildId> waiting =
        builds.stream().filter(build -> build.state() == BuildState.QUEUED).map(Build::id).toList();
    return waiting.isEmpty() ? Map.of() : queue.places(waiting, fleet.builders());
  }
}
