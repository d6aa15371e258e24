package dev.raccoon.cli;

import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.admin.BulkRows;
import dev.raccoon.catalog.Bulk;
import dev.raccoon.catalog.BulkFeedStore.Preview;
import dev.raccoon.queue.Builders;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code raccoon rebuild …}. */
@Command(
    name = "rebuild",
    description = {
      "Has many versions built for an Erlang/OTP, when nobody else wants anything.",
      "What is built well for it already is left out."
    },
    mixinStandardHelpOptions = true,
    subcommandsRepeatable = false)
final class RebuildCommands implements Callable<Integer> {
  private static final int MOST = 1_000;
  private static final int SHOWN = 20;

  private final Session session;

  @Option(
      names = "--otp",
      paramLabel = "VERSION",
      description = "What to build for: a release such as 27, or an exact version.")
  private @Nullable String otp;

  @Option(names = "--all", description = "Every ref of which a commit is known, of all packages.")
  private boolean all;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      split = ",",
      arity = "1..*",
      description = "Those of these namespaces alone.")
  private List<String> namespaces = new ArrayList<>();

  @Option(
      names = "--failed",
      paramLabel = "KIND",
      split = ",",
      arity = "1..*",
      description = "What failed so the last time: COMPILE, DEPENDENCY, LIMIT and so on.")
  private List<String> failed = new ArrayList<>();

  @Option(names = "--again", description = "Also what is built well already.")
  private boolean again;

  @Option(names = "--dry-run", description = "Only say what that would be.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print a JSON object.")
  private boolean json;

  RebuildCommands(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (otp == null) {
      throw new InvalidValueException("Say for which Erlang/OTP: --otp 27.");
    }
    Bulk.Terms terms = BulkRows.terms(OtpSelector.parse(otp), all, namespaces, failed, again);
    session.with(records -> {
      if (dryRun) {
        preview(records.bulks().feed().preview(terms, json ? MOST : SHOWN));
      } else {
        asked(records, records.bulks().asked().ask(terms, session.actor()));
      }
    });
    return 0;
  }

  private void preview(Preview preview) {
    if (json) {
      session.json(BulkRows.preview(preview));
      return;
    }
    preview.first().forEach(each -> session.out().println(each.name() + " " + each.ref()));
    long more = preview.builds() - preview.first().size();
    if (more > 0) {
      session.out().println("and " + more + " more");
    }
    session
        .errors()
        .println(
            "raccoon: "
                + preview.builds()
                + " would be built; "
                + preview.skipped()
                + " are built well already.");
  }

  private void asked(AdminRoutes.Records records, Bulk bulk) {
    Builders builders = builders(records);
    if (json) {
      session.json(BulkRows.bulk(bulk, builders));
      return;
    }
    session
        .out()
        .println(
            "Rebuild %d is recorded: servers that run put it into the queue as there is room (raccoon rebuild list)."
                .formatted(bulk.id()));
    builders
        .lack(bulk.terms().otp().toString())
        .ifPresent(why -> session.errors().println("raccoon: It waits for now. " + why));
  }

  @Command(
      name = "list",
      description = "Shows what was asked for, newest first, and how far it is.",
      mixinStandardHelpOptions = true)
  int list(@Option(names = "--json", description = "Print a JSON list.") boolean asJson) {
    session.with(records -> {
      Builders builders = builders(records);
      List<Map<String, @Nullable Object>> rows =
          records.bulks().asked().page(Long.MAX_VALUE, MOST + 1).stream()
              .map(bulk -> BulkRows.bulk(bulk, builders))
              .toList();
      session.list(
          rows,
          MOST,
          asJson,
          List.of(
              "id",
              "state",
              "otp",
              "namespaces",
              "failed",
              "skipped",
              "waiting",
              "running",
              "succeeded",
              "failures",
              "cancelled",
              "asked_date"));
    });
    return 0;
  }

  @Command(
      name = "cancel",
      description = "Ends one: no more of it is built but what others wait for, too.",
      mixinStandardHelpOptions = true)
  int cancel(
      @Parameters(paramLabel = "ID", description = "As the list has it.") long id,
      @Option(names = "--json", description = "Print a JSON object.") boolean asJson) {
    session.with(records -> {
      Bulk bulk =
          records
              .bulks()
              .asked()
              .cancel(id, session.actor())
              .orElseThrow(() -> new NotThereException("There is no rebuild " + id + "."));
      if (asJson) {
        session.json(BulkRows.bulk(bulk, builders(records)));
      } else {
        session.out().println("Rebuild " + id + " is cancelled.");
      }
    });
    return 0;
  }

  private static Builders builders(AdminRoutes.Records records) {
    return Builders.of(records.queue().nodes().all());
  }
}
