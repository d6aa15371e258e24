package dev.raccoon.admin;

import dev.raccoon.access.AuditStore;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Exchange;

/** The audit log. */
final class AuditEndpoint {
  private final AuditStore audit;

  AuditEndpoint(AuditStore audit) {
    this.audit = audit;
  }

  /** {@code GET /api/audit}: newest first. */
  Answer list(Exchange exchange) {
    Administrator.ofAll(exchange);
    return AdminPages.page(
        exchange,
        audit.page(AdminPages.before(exchange), AdminPages.limit(exchange)).stream()
            .map(AdminRows::audit)
            .toList(),
        "id");
  }
}
