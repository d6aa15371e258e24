package dev.raccoon.admin;

import dev.raccoon.queue.Builders;
import dev.raccoon.queue.Node;
import dev.raccoon.queue.QueueControlStore.Pause;
import dev.raccoon.queue.QueueControlStore.Standing;
import dev.raccoon.queue.QueuedBuild;
import dev.raccoon.value.OtpVersion;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Nodes and the queue as JSON has them, in answers and on the command line. */
public final class QueueRows {
  private QueueRows() {}

  /** A node. */
  public static Map<String, @Nullable Object> node(Node node) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("id", node.id().toString());
    row.put("name", node.name());
    row.put("up", node.up());
    row.put("draining", node.draining());
    row.put("slots", node.slots());
    row.put("running", node.running());
    row.put("otp", node.otp().stream().map(OtpVersion::text).toList());
    row.put("processor", node.processor());
    row.put("program", node.program());
    row.put("seen_date", AdminRows.date(node.seenAt()));
    return row;
  }

  /** How the queue stands; may be added to. */
  public static Map<String, @Nullable Object> queue(Standing standing) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("paused", standing.pause().isPresent());
    row.put("paused_by", standing.pause().map(Pause::by).orElse(null));
    row.put(
        "paused_date",
        standing.pause().map(pause -> AdminRows.date(pause.since().toInstant())).orElse(null));
    row.put("running", standing.running());
    row.put("waiting", standing.waiting());
    row.put("stuck", standing.stuck());
    return row;
  }

  /** A build that runs or waits; {@code builders} are the nodes that may take it. */
  public static Map<String, @Nullable Object> build(QueuedBuild build, Builders builders) {
    boolean runs = build.key().runs();
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("build_id", build.id().toString());
    row.put("state", runs ? "RUNNING" : "QUEUED");
    row.put("full_name", build.name().toString());
    row.put("ref", build.ref().orElse(null));
    row.put("erl_version", build.otpKey().isEmpty() ? null : build.otpKey());
    row.put("origin", build.origin());
    row.put("attempt", build.attempt());
    row.put("node", build.node().orElse(null));
    row.put("queued_date", AdminRows.date(build.queuedAt()));
    row.put("started_date", build.startedAt().map(AdminRows::date).orElse(null));
    row.put("waiting_for", runs ? null : waitingFor(build, builders).orElse(null));
    row.put("cancel_asked_by", build.cancelAskedBy().orElse(null));
    row.put("after", build.key().toString());
    return row;
  }

  private static Optional<String> waitingFor(QueuedBuild build, Builders builders) {
    return builders
        .lack(build.otpKey())
        .or(() ->
            Optional.of(build.notBefore())
                .filter(Instant.now()::isBefore)
                .map(time -> "It is tried again at " + AdminRows.date(time) + "."));
  }
}
