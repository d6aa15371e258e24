package dev.raccoon.admin;

import dev.raccoon.access.AuditStore;
import dev.raccoon.access.NamespaceStore;
import dev.raccoon.access.TokenStore;
import dev.raccoon.catalog.BulkFeedStore;
import dev.raccoon.catalog.BulkStore;
import dev.raccoon.catalog.DigestStore;
import dev.raccoon.catalog.PackageLimitStore;
import dev.raccoon.http.Route;
import dev.raccoon.otp.NodeOtpStore;
import dev.raccoon.otp.OtpInstallStore;
import dev.raccoon.queue.CancelStore;
import dev.raccoon.queue.NodeStore;
import dev.raccoon.queue.QueueControlStore;
import dev.raccoon.queue.QueueListStore;
import dev.raccoon.retention.RetentionStore;
import dev.raccoon.value.BuildLimits;
import java.util.List;
import java.util.UUID;

/** The administrator's API: its paths, and what answers each. */
public final class AdminRoutes {
  private AdminRoutes() {}

  /** All that administrators read and change. */
  public record Records(
      TokenStore tokens,
      NamespaceStore namespaces,
      PackageLimitStore limits,
      AuditStore audit,
      QueueRecords queue,
      BulkRecords bulks,
      OtpRecords otp,
      DigestStore digests,
      RetentionStore retention) {}

  /** Who builds, and what waits for them. */
  public record QueueRecords(
      NodeStore nodes, QueueControlStore control, QueueListStore list, CancelStore cancels) {}

  /** What was asked for in bulk, and what that comes to. */
  public record BulkRecords(BulkStore asked, BulkFeedStore feed) {}

  /** Which Erlang/OTP the nodes have, and which they were asked for. */
  public record OtpRecords(NodeOtpStore nodes, OtpInstallStore installs) {}

  /**
   * The routes. Each asks for a token with the scope administer; {@code servers} are the limits of
   * packages without their own, {@code node} this server's id.
   */
  public static List<Route> of(Records records, BuildLimits servers, UUID node) {
    TokenEndpoints tokens = new TokenEndpoints(records.tokens());
    NamespaceEndpoints namespaces = new NamespaceEndpoints(records.namespaces());
    LimitEndpoints limits = new LimitEndpoints(records.limits(), servers);
    AuditEndpoint audit = new AuditEndpoint(records.audit());
    NodeEndpoints nodes = new NodeEndpoints(records.queue().nodes());
    QueueEndpoints queue = new QueueEndpoints(records.queue());
    RebuildEndpoints rebuilds = new RebuildEndpoints(records.bulks(), records.queue());
    OtpEndpoints otp = new OtpEndpoints(records.otp(), node);
    String limitsPath = "/api/limits/:namespace/:name";
    return List.of(
        Route.get("/api/tokens", tokens::list),
        Route.post("/api/tokens", tokens::create),
        Route.delete("/api/tokens/:id", tokens::withdraw),
        Route.get("/api/namespaces", namespaces::list),
        Route.put("/api/namespaces/:namespace", namespaces::set),
        Route.get(limitsPath, limits::show),
        Route.put(limitsPath, limits::set),
        Route.delete(limitsPath, limits::remove),
        Route.get("/api/audit", audit::list),
        Route.get("/api/nodes", nodes::list),
        Route.put("/api/nodes/:id", nodes::set),
        Route.get("/api/queue", queue::list),
        Route.put("/api/queue", queue::set),
        Route.get("/api/rebuilds", rebuilds::list),
        Route.post("/api/rebuilds", rebuilds::ask),
        Route.get("/api/rebuilds/:id", rebuilds::show),
        Route.delete("/api/rebuilds/:id", rebuilds::cancel),
        Route.get("/api/otp", otp::list),
        Route.get("/api/otp/installs", otp::installs),
        Route.post("/api/otp/installs", otp::install),
        Route.get("/api/otp/installs/:id", otp::show),
        Route.get("/api/otp/installs/:id/log", otp::log));
  }
}
