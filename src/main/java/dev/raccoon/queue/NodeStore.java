package dev.raccoon.queue;

import dev.raccoon.access.Actor;
import dev.raccoon.access.AuditStore;
import dev.raccoon.value.OtpVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The nodes, by their own words. All times are the database's own. Thread-safe. */
public final class NodeStore {
  /** A node that gave no sign of life for that long is not up. */
  public static final Duration UP = Duration.ofSeconds(10);

  /**
   * What a node had counts for that long after its last sign of life: it may just be restarting.
   */
  static final Duration REMEMBERED = Duration.ofHours(1);

  private static final String BEAT =
      """
      insert into node (id, name, processor, program, slots, otp)
      values (:id, :name, :processor, :program, :slots, :otp)
      on conflict (id) do update set name = excluded.name, processor = excluded.processor, program = excluded.program,
          slots = excluded.slots, otp = excluded.otp, seen_at = now(), stopped_at = null,
          started_at = case when :first then now() else node.started_at end
      """;

  private static final String SELECT =
      """
      select node.*, seen_at > now() - :up * interval '1 second' and stopped_at is null as up,
          (select count(*) from build where state = 'RUNNING' and build.node = node.id::text) as running
      from node
      """;

  private final Jdbi jdbi;

  /** Nodes in the database of {@code jdbi}. */
  public NodeStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * A sign of life, the first one since the node's start or a later one; answers all nodes that
   * were seen within {@link #REMEMBERED}.
   */
  List<Node> beat(Node.Announcement self, boolean first) {
    return jdbi.withHandle(handle -> {
      handle
          .createUpdate(BEAT)
          .bind("id", self.id())
          .bind("name", self.name())
          .bind("processor", self.processor())
          .bind("program", self.program())
          .bind("slots", self.slots())
          .bindArray("otp", String.class, self.otp().stream().map(OtpVersion::text).toArray())
          .bind("first", first)
          .execute();
      return handle
          .createQuery(SELECT + " where seen_at > now() - :remembered * interval '1 second'")
          .bind("up", UP.toSeconds())
          .bind("remembered", REMEMBERED.toSeconds())
          .map((row, context) -> read(row))
          .list();
    });
  }

  /** The node has stopped, and is not up from now on. */
  void stopped(UUID node) {
    jdbi.useHandle(handle ->
        handle
            .createUpdate("update node set stopped_at = now() where id = :node")
            .bind("node", node)
            .execute());
  }

  /** All that were ever seen, those that are up first, then by name. */
  public List<Node> all() {
    return jdbi
        .withHandle(handle ->
            handle
                .createQuery(SELECT + " order by seen_at desc limit 10000")
                .bind("up", UP.toSeconds())
                .map((row, context) -> read(row))
                .list())
        .stream()
        .sorted(Comparator.comparing((Node node) -> !node.up()).thenComparing(Node::name))
        .toList();
  }

  /**
   * Has {@code node} take no more builds, or take them again. Answers whether there is such a node.
   */
  public boolean drain(UUID node, boolean draining, Actor actor) {
    return jdbi.inTransaction(handle -> {
      Optional<Boolean> before =
          handle
              .createQuery("select draining from node where id = :node for update")
              .bind("node", node)
              .mapTo(Boolean.class)
              .findOne();
      if (before.isPresent() && before.get() != draining) {
        handle
            .createUpdate("update node set draining = :draining where id = :node")
            .bind("draining", draining)
            .bind("node", node)
            .execute();
        AuditStore.write(
            handle, actor, draining ? "node.drain" : "node.resume", "node " + node, "");
        wake(handle);
      }
      return before.isPresent();
    });
  }

  private static void wake(Handle handle) {
    handle.execute("notify " + QueueStore.QUEUED);
  }

  private static Node read(ResultSet row) throws SQLException {
    return new Node(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getString("processor"),
        row.getString("program"),
        row.getInt("slots"),
        row.getInt("running"),
        Arrays.stream((String[]) row.getArray("otp").getArray())
            .map(OtpVersion::new)
            .sorted(Comparator.reverseOrder())
            .toList(),
        row.getBoolean("up"),
        row.getBoolean("draining"),
        row.getObject("seen_at", OffsetDateTime.class).toInstant());
  }
}
