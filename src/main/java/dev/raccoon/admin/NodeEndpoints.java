package dev.raccoon.admin;

import dev.raccoon.access.Actor;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.RefusedException;
import dev.raccoon.queue.NodeStore;
import dev.raccoon.value.InvalidValueException;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * The machines that build or answer. They are every package's, and so for administrators of all.
 */
final class NodeEndpoints {
  private final NodeStore nodes;

  NodeEndpoints(NodeStore nodes) {
    this.nodes = nodes;
  }

  /** {@code GET /api/nodes}: all that were ever seen, those that are up first. */
  Answer list(Exchange exchange) {
    Administrator.ofAll(exchange);
    return Envelope.good(nodes.all().stream().map(QueueRows::node).toList());
  }

  /** {@code PUT /api/nodes/ID} with {@code {"draining": true}} or {@code false}. */
  Answer set(Exchange exchange) {
    Actor actor = Administrator.ofAll(exchange);
    JsonNode draining = AdminBody.of(exchange, "draining").get("draining");
    if (draining == null || !draining.isBoolean()) {
      throw new InvalidValueException("draining must be true or false.");
    }
    UUID node = id(exchange.id());
    if (!nodes.drain(node, draining.booleanValue(), actor)) {
      throw unknown(exchange.id());
    }
    return nodes.all().stream()
        .filter(found -> found.id().equals(node))
        .findFirst()
        .<Answer>map(found -> Envelope.good(QueueRows.node(found)))
        .orElseThrow(() -> unknown(exchange.id()));
  }

  private static UUID id(String raw) {
    try {
      return UUID.fromString(raw);
    } catch (IllegalArgumentException e) {
      throw unknown(raw);
    }
  }

  private static RefusedException unknown(String raw) {
    return new RefusedException(404, "There is no node " + raw + ".");
  }
}
