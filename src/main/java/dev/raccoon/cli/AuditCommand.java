package dev.raccoon.cli;

import dev.raccoon.admin.AdminRows;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raccoon audit}. */
@Command(
    name = "audit",
    description = "Shows who did what to the server, newest first.",
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
  private static final int MOST = 100_000;
  private static final List<String> COLUMNS =
      List.of("date", "actor", "act", "subject", "detail", "address");

  private final Session session;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many acts (${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--json", description = "Print a JSON list.")
  private boolean json;

  AuditCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    int most = Math.clamp(limit, 0, MOST);
    session.with(records -> {
      List<Map<String, @Nullable Object>> rows =
          records.audit().page(Long.MAX_VALUE, most + 1).stream().map(AdminRows::audit).toList();
      session.list(rows, most, json, COLUMNS);
    });
    return 0;
  }
}
