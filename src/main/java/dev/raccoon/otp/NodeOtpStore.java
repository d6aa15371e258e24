package dev.raccoon.otp;

import dev.raccoon.value.OtpVersion;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/** What every node has, as it saw it last. Thread-safe. */
public final class NodeOtpStore {
  private final Jdbi jdbi;

  /** Nodes in the database of {@code jdbi}. */
  public NodeOtpStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** From now on {@code node} has {@code found}, and nothing else. */
  void replace(UUID node, List<NodeOtp> found) {
    jdbi.useTransaction(handle -> {
      handle.createUpdate("delete from node_otp where node = :node").bind("node", node).execute();
      for (NodeOtp otp : found) {
        handle
            .createUpdate(
                """
                insert into node_otp (node, version, root, rebar3, elixir)
                values (:node, :version, :root, :rebar3, :elixir)
                """)
            .bind("node", node)
            .bind("version", otp.version().text())
            .bind("root", otp.root())
            .bind("rebar3", otp.rebar3())
            .bind("elixir", otp.elixir())
            .execute();
      }
    });
  }

  /** What {@code node} has, or all nodes have, the newest version first. */
  public List<NodeOtp> of(Optional<UUID> node) {
    return jdbi
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    select * from node_otp
                    where :all or node = cast(:node as uuid) order by node limit 10000
                    """)
                .bind("all", node.isEmpty())
                .bind("node", node.map(UUID::toString))
                .map((row, context) ->
                    new NodeOtp(
                        row.getObject("node", UUID.class),
                        new OtpVersion(row.getString("version")),
                        row.getString("root"),
                        Optional.ofNullable(row.getString("rebar3")),
                        Optional.ofNullable(row.getString("elixir"))))
                .list())
        .stream()
        .sorted(Comparator.comparing(NodeOtp::version).reversed())
        .toList();
  }
}
