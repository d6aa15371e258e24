package dev.raccoon.admin;

import dev.raccoon.access.Actor;
import dev.raccoon.catalog.Bulk;
import dev.raccoon.catalog.BulkFeedStore;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.RefusedException;
import dev.raccoon.queue.Builders;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpSelector;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Builds of many versions at once: all packages' machines are kept busy by them. */
final class RebuildEndpoints {
  private static final int SHOWN = 100;

  private final AdminRoutes.BulkRecords bulks;
  private final AdminRoutes.QueueRecords queue;

  RebuildEndpoints(AdminRoutes.BulkRecords bulks, AdminRoutes.QueueRecords queue) {
    this.bulks = bulks;
    this.queue = queue;
  }

  /** {@code GET /api/rebuilds}: newest first. */
  Answer list(Exchange exchange) {
    Administrator.ofAll(exchange);
    Builders builders = builders();
    return AdminPages.page(
        exchange,
        bulks.asked().page(AdminPages.before(exchange), AdminPages.limit(exchange)).stream()
            .map(bulk -> BulkRows.bulk(bulk, builders))
            .toList(),
        "id");
  }

  /** {@code POST /api/rebuilds}: what the body names, or only a look at what that would be. */
  Answer ask(Exchange exchange) {
    Actor actor = Administrator.ofAll(exchange);
    ObjectNode body =
        AdminBody.of(exchange, "otp", "all", "namespaces", "failed", "again", "dry_run");
    Bulk.Terms terms = terms(body);
    if (flag(body, "dry_run")) {
      BulkFeedStore.Preview preview = bulks.feed().preview(terms, SHOWN);
      return Envelope.good(BulkRows.preview(preview));
    }
    return Envelope.of(202, true, BulkRows.bulk(bulks.asked().ask(terms, actor), builders()));
  }

  /** {@code GET /api/rebuilds/ID}. */
  Answer show(Exchange exchange) {
    Administrator.ofAll(exchange);
    long id = id(exchange);
    return Envelope.good(
        BulkRows.bulk(bulks.asked().find(id).orElseThrow(() -> unknown(id)), builders()));
  }

  /** {@code DELETE /api/rebuilds/ID}: ended from now on, and kept in the list. */
  Answer cancel(Exchange exchange) {
    Actor actor = Administrator.ofAll(exchange);
    long id = id(exchange);
    return Envelope.good(
        BulkRows.bulk(bulks.asked().cancel(id, actor).orElseThrow(() -> unknown(id)), builders()));
  }

  private Builders builders() {
    return Builders.of(queue.nodes().all());
  }

  private static long id(Exchange exchange) {
    return AdminPages.id("The rebuild's id", exchange.id());
  }

  private static RefusedException unknown(long id) {
    return new RefusedException(404, "There is no rebuild " + id + ".");
  }

  private static Bulk.Terms terms(ObjectNode body) {
    JsonNode otp = body.get("otp");
    if (otp == null || !otp.isString()) {
      throw new InvalidValueException("otp must be a string, such as \"27\".");
    }
    return BulkRows.terms(
        OtpSelector.parse(otp.stringValue()),
        flag(body, "all"),
        texts(body.get("namespaces"), "namespaces"),
        texts(body.get("failed"), "failed"),
        flag(body, "again"));
  }

  private static boolean flag(ObjectNode body, String name) {
    JsonNode value = body.get(name);
    if (value != null && !value.isBoolean()) {
      throw new InvalidValueException(name + " must be true or false.");
    }
    return value != null && value.booleanValue();
  }

  private static List<String> texts(@Nullable JsonNode list, String name) {
    List<String> texts = new ArrayList<>();
    if (list == null) {
      return texts;
    }
    if (!list.isArray() || list.valueStream().anyMatch(text -> !text.isString())) {
      throw new InvalidValueException(name + " must be a list of strings.");
    }
    list.forEach(text -> texts.add(text.stringValue()));
    return texts;
  }
}
