package dev.raccoon.admin;

import dev.raccoon.access.Actor;
import dev.raccoon.access.NamespaceStore;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which namespaces are private. */
final class NamespaceEndpoints {
  private final NamespaceStore namespaces;

  NamespaceEndpoints(NamespaceStore namespaces) {
    this.namespaces = namespaces;
  }

  /** {@code GET /api/namespaces}: those that the caller administers. */
  Answer list(Exchange exchange) {
    Administrator.ofAny(exchange);
    List<Map<String, @Nullable Object>> rows =
        namespaces
            .page(
                exchange.parameter("after").orElse(""),
                AdminPages.limit(exchange),
                exchange.caller().readable())
            .stream()
            .map(AdminRows::namespace)
            .toList();
    return AdminPages.page(exchange, rows, "namespace");
  }

  /** {@code PUT /api/namespaces/NAMESPACE} with {@code {"private": true}} or {@code false}. */
  Answer set(Exchange exchange) {
    String name = exchange.pathValue("namespace");
    Actor actor = Administrator.of(exchange, name);
    JsonNode wanted = AdminBody.of(exchange, "private").get("private");
    if (wanted == null || !wanted.isBoolean()) {
      throw new InvalidValueException("private must be true or false.");
    }
    namespaces.set(name, wanted.booleanValue(), actor);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("namespace", Namespaces.checked(name));
    row.put("private", wanted.booleanValue());
    return Envelope.good(row);
  }
}
