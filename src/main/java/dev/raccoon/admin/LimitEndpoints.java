package dev.raccoon.admin;

import dev.raccoon.access.Actor;
import dev.raccoon.catalog.PackageLimitStore;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.JsonBody;
import dev.raccoon.http.RefusedException;
import dev.raccoon.value.BuildLimits;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Limit;
import dev.raccoon.value.LimitAmount;
import dev.raccoon.value.PackageName;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A package's own limits. */
final class LimitEndpoints {
  private final PackageLimitStore limits;
  private final BuildLimits servers;

  LimitEndpoints(PackageLimitStore limits, BuildLimits servers) {
    this.limits = limits;
    this.servers = servers;
  }

  /** {@code GET /api/limits/NAMESPACE/NAME}. */
  Answer show(Exchange exchange) {
    Administrator.of(exchange, exchange.pathValue("namespace"));
    return limits(name(exchange));
  }

  /** {@code PUT /api/limits/NAMESPACE/NAME}: sets what the body names, and leaves the others. */
  Answer set(Exchange exchange) {
    Actor actor = Administrator.of(exchange, exchange.pathValue("namespace"));
    PackageName name = name(exchange);
    Map<Limit, Long> amounts = new EnumMap<>(Limit.class);
    JsonBody.object(exchange.body())
        .properties()
        .forEach(field -> amounts.put(LimitAmount.limit(field.getKey()), amount(field)));
    if (amounts.isEmpty()) {
      throw new InvalidValueException("Name a limit with its amount, as {\"memory\": \"4GiB\"}.");
    }
    refuseMoreThanTheServers(exchange, amounts);
    limits.set(name, amounts, actor);
    return limits(name);
  }

  /** More than the operator gives every build takes from other namespaces' builds. */
  private void refuseMoreThanTheServers(Exchange exchange, Map<Limit, Long> amounts) {
    if (exchange.caller().administersAll()) {
      return;
    }
    amounts.forEach((limit, amount) -> {
      if (amount > servers.amount(limit)) {
        throw new RefusedException(
            403,
            "%s: more than the server's own %d needs a token with the scope administer for all namespaces."
                .formatted(limit.key(), servers.amount(limit)));
      }
    });
  }

  /** {@code DELETE /api/limits/NAMESPACE/NAME}: all of them, or that of {@code ?limit=}. */
  Answer remove(Exchange exchange) {
    Actor actor = Administrator.of(exchange, exchange.pathValue("namespace"));
    PackageName name = name(exchange);
    limits.remove(
        name,
        exchange
            .parameter("limit")
            .map(key -> EnumSet.of(LimitAmount.limit(key)))
            .orElseGet(() -> EnumSet.allOf(Limit.class)),
        actor);
    return limits(name);
  }

  private Answer limits(PackageName name) {
    return Envelope.good(AdminRows.limits(name, limits.of(name)));
  }

  private static long amount(Map.Entry<String, JsonNode> field) {
    Limit limit = LimitAmount.limit(field.getKey());
    JsonNode value = field.getValue();
    return LimitAmount.parse(limit, value.isString() ? value.stringValue() : value.toString());
  }

  private static PackageName name(Exchange exchange) {
    return new PackageName(exchange.pathValue("namespace"), exchange.pathValue("name"));
  }
}
