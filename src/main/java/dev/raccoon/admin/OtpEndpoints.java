package dev.raccoon.admin;

import dev.raccoon.access.Actor;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.RefusedException;
import dev.raccoon.otp.OtpInstall;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpVersion;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** The nodes' Erlang/OTP. It is every package's, and so for administrators of everything. */
final class OtpEndpoints {
  private static final int MOST_BYTES = 4 << 20;

  private final AdminRoutes.OtpRecords otp;
  private final UUID node;

  OtpEndpoints(AdminRoutes.OtpRecords otp, UUID node) {
    this.otp = otp;
    this.node = node;
  }

  /** {@code GET /api/otp}: what all nodes have. */
  Answer list(Exchange exchange) {
    Administrator.ofAll(exchange);
    return Envelope.good(otp.nodes().of(Optional.empty()).stream().map(AdminRows::otp).toList());
  }

  /** {@code GET /api/otp/installs}: what was asked for, newest first. */
  Answer installs(Exchange exchange) {
    Administrator.ofAll(exchange);
    return AdminPages.page(
        exchange,
        otp.installs().page(AdminPages.before(exchange), AdminPages.limit(exchange)).stream()
            .map(AdminRows::install)
            .toList(),
        "id");
  }

  /** {@code POST /api/otp/installs}: asks this node for the version that the body names. */
  Answer install(Exchange exchange) {
    Actor actor = Administrator.ofAll(exchange);
    JsonNode version = AdminBody.of(exchange, "version").get("version");
    if (version == null || !version.isString()) {
      throw new InvalidValueException("version must be a string, such as \"27.1\".");
    }
    OtpInstall asked = otp.installs().ask(node, new OtpVersion(version.stringValue()), actor);
    return Envelope.of(202, true, AdminRows.install(asked));
  }

  /** {@code GET /api/otp/installs/ID}. */
  Answer show(Exchange exchange) {
    Administrator.ofAll(exchange);
    return Envelope.good(AdminRows.install(found(exchange)));
  }

  /**
   * {@code GET /api/otp/installs/ID/log}: what was printed from byte {@code ?from=} on, at most
   * some megabytes of it.
   */
  Answer log(Exchange exchange) {
    Administrator.ofAll(exchange);
    long id = found(exchange).id();
    long from = exchange.number("from", 0, 0, Integer.MAX_VALUE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    var pieces = otp.installs().pieces(id, from);
    while (!pieces.isEmpty() && bytes.size() < MOST_BYTES) {
      pieces.forEach(bytes::writeBytes);
      pieces = otp.installs().pieces(id, from + bytes.size());
    }
    return new Answer.Bytes(
        200, "text/plain; charset=utf-8", bytes.toByteArray(), Map.of("Cache-Control", "no-store"));
  }

  private OtpInstall found(Exchange exchange) {
    long id = AdminPages.id("The installation's id", exchange.id());
    return otp.installs()
        .find(id)
        .orElseThrow(() -> new RefusedException(404, "There is no installation " + id + "."));
  }
}
