package dev.raccoon.cli;

import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.admin.AdminRows;
import dev.raccoon.value.Limit;
import dev.raccoon.value.LimitAmount;
import dev.raccoon.value.PackageName;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raccoon limits …}. */
@Command(
    name = "limits",
    description = "Gives one package other limits than the server's.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class LimitCommands {
  private static final String PACKAGE = "NAMESPACE/NAME";

  private final Session session;

  LimitCommands(Session session) {
    this.session = session;
  }

  @Command(
      name = "show",
      description = "Shows the limits that the package has of its own.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = PACKAGE) String fullName,
      @Option(names = "--json", description = "Print JSON.") boolean json) {
    PackageName name = PackageName.parse(fullName);
    session.with(records -> print(records, name, json));
    return 0;
  }

  @Command(
      name = "set",
      description = "Sets the limits that are named, and leaves the others.",
      mixinStandardHelpOptions = true)
  int set(
      @Parameters(paramLabel = PACKAGE) String fullName,
      @Parameters(
              paramLabel = "LIMIT=AMOUNT",
              arity = "1..*",
              description = "Such as memory=4GiB, time=30m, processes=1000.")
          Map<String, String> amounts) {
    PackageName name = PackageName.parse(fullName);
    Map<Limit, Long> parsed = new EnumMap<>(Limit.class);
    amounts.forEach((key, raw) -> {
      Limit limit = LimitAmount.limit(key);
      parsed.put(limit, LimitAmount.parse(limit, raw));
    });
    session.with(records -> {
      records.limits().set(name, parsed, session.actor());
      print(records, name, false);
    });
    return 0;
  }

  @Command(
      name = "remove",
      description = "The server's own limits hold again: all, or those that are named.",
      mixinStandardHelpOptions = true)
  int remove(
      @Parameters(paramLabel = PACKAGE) String fullName,
      @Parameters(paramLabel = "LIMIT", arity = "0..*") @Nullable List<String> limits) {
    PackageName name = PackageName.parse(fullName);
    Set<Limit> named =
        limits == null || limits.isEmpty()
            ? EnumSet.allOf(Limit.class)
            : limits.stream().map(LimitAmount::limit).collect(Collectors.toSet());
    session.with(records -> {
      records.limits().remove(name, named, session.actor());
      print(records, name, false);
    });
    return 0;
  }

  private void print(AdminRoutes.Records records, PackageName name, boolean json) {
    Map<Limit, Long> limits = records.limits().of(name);
    if (json) {
      session.json(AdminRows.limits(name, limits));
      return;
    }
    Map<String, Long> sorted = new TreeMap<>();
    limits.forEach((limit, amount) -> sorted.put(limit.key(), amount));
    sorted.forEach((key, amount) -> session.out().println(key + "=" + amount));
  }
}
