package dev.raccoon.cli;

import dev.raccoon.admin.AdminRows;
import dev.raccoon.value.Namespaces;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raccoon namespace …}. */
@Command(
    name = "namespace",
    description = "Makes namespaces private or public.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class NamespaceCommands {
  private static final int MOST = 100_000;

  private final Session session;

  NamespaceCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "private",
      description = "From now on, nothing of it shows without a token for it.",
      mixinStandardHelpOptions = true)
  int makePrivate(@Parameters(paramLabel = "NAME") String name) {
    session.with(records -> records.namespaces().set(name, true, session.actor()));
    return 0;
  }

  @Command(
      name = "public",
      description = "From now on, everybody may see it.",
      mixinStandardHelpOptions = true)
  int makePublic(@Parameters(paramLabel = "NAME") String name) {
    session.with(records -> records.namespaces().set(name, false, session.actor()));
    return 0;
  }

  @Command(
      name = "list",
      description = "Lists the namespaces that are known.",
      mixinStandardHelpOptions = true)
  int list(@Option(names = "--json", description = "Print a JSON list.") boolean json) {
    session.with(records -> {
      List<Map<String, @Nullable Object>> rows =
          records.namespaces().page("", MOST + 1, Namespaces.ALL).stream()
              .map(AdminRows::namespace)
              .toList();
      session.list(rows, MOST, json, List.of("namespace", "private", "packages"));
    });
    return 0;
  }
}
