package dev.raccoon.admin;

import dev.raccoon.access.Actor;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.queue.Builders;
import dev.raccoon.queue.QueuedBuild;
import dev.raccoon.value.InvalidValueException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The queue: all packages' builds, and so for administrators of everything. */
final class QueueEndpoints {
  private final AdminRoutes.QueueRecords queue;

  QueueEndpoints(AdminRoutes.QueueRecords queue) {
    this.queue = queue;
  }

  /** {@code GET /api/queue}: what runs, and then what waits in its order; a page of it. */
  Answer list(Exchange exchange) {
    Administrator.ofAll(exchange);
    Builders builders = Builders.of(queue.nodes().all());
    List<Map<String, @Nullable Object>> rows =
        queue
            .list()
            .page(
                exchange.parameter("after").map(QueuedBuild.Key::parse), AdminPages.limit(exchange))
            .stream()
            .map(build -> QueueRows.build(build, builders))
            .toList();
    Map<String, @Nullable Object> answer = QueueRows.queue(queue.control().standing(builders));
    answer.put("builds", rows);
    return AdminPages.page(exchange, answer, rows, "after");
  }

  /** {@code PUT /api/queue} with {@code {"paused": true}} or {@code false}. */
  Answer set(Exchange exchange) {
    Actor actor = Administrator.ofAll(exchange);
    JsonNode paused = AdminBody.of(exchange, "paused").get("paused");
    if (paused == null || !paused.isBoolean()) {
      throw new InvalidValueException("paused must be true or false.");
    }
    queue.control().pause(paused.booleanValue(), actor);
    Builders builders = Builders.of(queue.nodes().all());
    return Envelope.good(QueueRows.queue(queue.control().standing(builders)));
  }
}
