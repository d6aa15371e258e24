package dev.raccoon.cli;

import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.admin.QueueRows;
import dev.raccoon.logging.VisibleText;
import dev.raccoon.queue.Builders;
import dev.raccoon.queue.CancelStore;
import dev.raccoon.queue.CancelStore.Withdrawn;
import dev.raccoon.queue.QueueControlStore.Standing;
import dev.raccoon.value.BuildId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raccoon queue …}. */
@Command(
    name = "queue",
    description = "Shows what waits and runs, pauses and resumes it, cancels builds.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class QueueCommands {
  private static final int MOST = 1_000;

  private final Session session;

  QueueCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "list",
      description = "Shows what runs, and then what waits in its order.",
      mixinStandardHelpOptions = true)
  int list(@Option(names = "--json", description = "Print a JSON object.") boolean json) {
    session.with(records -> {
      AdminRoutes.QueueRecords queue = records.queue();
      Builders builders = Builders.of(queue.nodes().all());
      List<Map<String, @Nullable Object>> rows =
          queue.list().page(Optional.empty(), MOST).stream()
              .map(build -> QueueRows.build(build, builders))
              .toList();
      Standing standing = queue.control().standing(builders);
      if (json) {
        Map<String, @Nullable Object> whole = QueueRows.queue(standing);
        whole.put("builds", rows);
        session.json(whole);
      } else {
        Table table =
            new Table(
                List.of("build_id", "state", "full_name", "ref", "erl_version", "origin", "node"));
        rows.forEach(table::add);
        table.print(session.out());
        session.errors().println("raccoon: " + sentence(standing));
      }
      if (rows.size() == MOST && standing.running() + standing.waiting() > MOST) {
        session.errors().println("raccoon: There are more: only the first 1000 are shown.");
      }
    });
    return 0;
  }

  private static String sentence(Standing standing) {
    return "%d run, %d wait%s.%s"
        .formatted(
            standing.running(),
            standing.waiting(),
            standing.stuck() == 0 ? "" : ", of which no node can take " + standing.stuck(),
            standing
                .pause()
                .map(pause -> " Paused by " + VisibleText.of(pause.by()) + ": nothing begins.")
                .orElse(""));
  }

  @Command(
      name = "pause",
      description = "No node begins any build from now on; what runs goes on.",
      mixinStandardHelpOptions = true)
  int pause(@Option(names = "--json", description = "Print a JSON object.") boolean json) {
    return set(true, json);
  }

  @Command(name = "resume", description = "Builds begin again.", mixinStandardHelpOptions = true)
  int resume(@Option(names = "--json", description = "Print a JSON object.") boolean json) {
    return set(false, json);
  }

  private int set(boolean paused, boolean json) {
    session.with(records -> {
      records.queue().control().pause(paused, session.actor());
      Standing standing =
          records.queue().control().standing(Builders.of(records.queue().nodes().all()));
      if (json) {
        session.json(QueueRows.queue(standing));
      } else {
        session.out().println(sentence(standing));
      }
    });
    return 0;
  }

  @Command(
      name = "cancel",
      description = "Ends builds that wait or run. Of a request, those that nobody else waits for.",
      mixinStandardHelpOptions = true)
  int cancel(
      @Parameters(paramLabel = "ID", arity = "1..*", description = "Of a build, or of a request.")
          List<String> raw,
      @Option(names = "--json", description = "Print a JSON list.") boolean json) {
    List<BuildId> ids = raw.stream().map(BuildId::parse).toList();
    AtomicInteger status = new AtomicInteger();
    session.with(records -> {
      List<Map<String, Object>> rows = new ArrayList<>();
      for (BuildId id : ids) {
        Ended ended = cancel(records.queue().cancels(), id);
        if (!ended.done()) {
          status.set(1);
        }
        rows.add(ended.row());
      }
      if (json) {
        session.json(rows);
      } else {
        rows.forEach(row -> session.out().println(row.get("id") + "  " + row.get("message")));
      }
    });
    return status.get();
  }

  private record Ended(BuildId id, boolean done, String message) {
    Map<String, Object> row() {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("id", id.toString());
      row.put("cancelled", done);
      row.put("message", message);
      return row;
    }
  }

  private Ended cancel(CancelStore cancels, BuildId id) {
    return switch (cancels.cancel(id, session.actor())) {
      case CANCELLED -> new Ended(id, true, "The build is cancelled.");
      case STOPPING -> new Ended(id, true, "The build is being stopped.");
      case ENDED -> new Ended(id, false, "The build had ended before.");
      case UNKNOWN ->
          cancels
              .cancelRequest(id.uuid(), session.actor())
              .map(withdrawn -> new Ended(id, isDone(withdrawn), withdrawn.sentence()))
              .orElseGet(() -> new Ended(id, false, "There is no such build or request."));
    };
  }

  private static boolean isDone(Withdrawn withdrawn) {
    return !withdrawn.cancelled().isEmpty() || !withdrawn.shared().isEmpty();
  }
}
