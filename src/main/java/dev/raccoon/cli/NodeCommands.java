package dev.raccoon.cli;

import dev.raccoon.admin.QueueRows;
import dev.raccoon.queue.Node;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raccoon node …}. */
@Command(
    name = "node",
    description = "Shows the machines that build; has one take no more.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class NodeCommands {
  private static final int MOST = 10_000;
  private static final String NODE = "A node's id, or its name where no other one has it.";

  private final Session session;

  NodeCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "list",
      description = "Shows all nodes that were ever seen, those that are up first.",
      mixinStandardHelpOptions = true)
  int list(@Option(names = "--json", description = "Print a JSON list.") boolean json) {
    session.with(records -> {
      List<Map<String, @Nullable Object>> rows =
          records.queue().nodes().all().stream().map(QueueRows::node).toList();
      session.list(
          rows,
          MOST,
          json,
          List.of(
              "name", "up", "draining", "slots", "running", "otp", "program", "seen_date", "id"));
    });
    return 0;
  }

  @Command(
      name = "drain",
      description = "It finishes what it runs, and takes no more: before it is stopped, say.",
      mixinStandardHelpOptions = true)
  int drain(
      @Parameters(paramLabel = "NODE", description = NODE) String node,
      @Option(names = "--json", description = "Print the node as JSON.") boolean json) {
    return set(node, true, json);
  }

  @Command(name = "resume", description = "It takes builds again.", mixinStandardHelpOptions = true)
  int resume(
      @Parameters(paramLabel = "NODE", description = NODE) String node,
      @Option(names = "--json", description = "Print the node as JSON.") boolean json) {
    return set(node, false, json);
  }

  private int set(String named, boolean draining, boolean json) {
    session.with(records -> {
      UUID id = one(records.queue().nodes().all(), named).id();
      records.queue().nodes().drain(id, draining, session.actor());
      Node now = one(records.queue().nodes().all(), id.toString());
      if (json) {
        session.json(QueueRows.node(now));
      } else if (draining) {
        session
            .out()
            .println(now.name() + " takes no more builds. It runs " + now.running() + " now.");
      } else {
        session.out().println(now.name() + " takes builds" + (now.up() ? "." : " when it is up."));
      }
    });
    return 0;
  }

  private static Node one(List<Node> all, String named) {
    List<Node> found =
        all.stream()
            .filter(node -> node.id().toString().equals(named) || node.name().equals(named))
            .toList();
    if (found.isEmpty()) {
      throw new NotThereException("There is no node " + named + ".");
    }
    if (found.size() > 1) {
      throw new NotThereException("Several nodes are named " + named + ": name one by its id.");
    }
    return found.getFirst();
  }
}
