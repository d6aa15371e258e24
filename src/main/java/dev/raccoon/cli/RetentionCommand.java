package dev.raccoon.cli;

import dev.raccoon.admin.AdminRoutes;
import dev.raccoon.artifact.ArtifactStore;
import dev.raccoon.config.RetentionRules;
import dev.raccoon.retention.Expired;
import dev.raccoon.retention.Retention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code raccoon retention}. */
@Command(
    name = "retention",
    description = {
      "Shows which old builds no RACCOON_KEEP_ rule keeps, and changes nothing;",
      "with --apply, removes their packages and logs. Their records stay."
    },
    mixinStandardHelpOptions = true)
final class RetentionCommand implements Callable<Integer> {
  private static final int MOST = 10_000;
  private static final List<String> COLUMNS =
      List.of(
          "build_id",
          "full_name",
          "ref",
          "otp_version",
          "state",
          "build_date",
          "asked_date",
          "downloaded",
          "package_bytes");

  private final Session session;

  @ArgGroup(exclusive = true)
  private @Nullable Mode mode;

  @Option(names = "--json", description = "Print a JSON object a line, the last for all.")
  private boolean json;

  /** Whether it is done. */
  static final class Mode {
    @Option(names = "--dry-run", description = "Only show them, which is the default.")
    private boolean dryRun;

    @Option(names = "--apply", description = "Remove what they keep.")
    private boolean apply;

    private boolean changes() {
      return apply && !dryRun;
    }
  }

  private final List<Map<String, @Nullable Object>> rows = new ArrayList<>();
  private long builds;
  private long bytes;

  RetentionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    RetentionRules rules = session.records().retentionRules();
    if (!rules.any()) {
      session
          .errors()
          .println(
              "raccoon: No rule is set, and everything is kept for ever: see RACCOON_KEEP_DAYS in"
                  + " docs/operations.md.");
    }
    session.with(records -> {
      Retention retention =
          new Retention(records.retention(), records.digests(), rules, Clock.systemUTC());
      if (mode != null && mode.changes()) {
        apply(records, retention);
      } else {
        retention.preview(this::see);
        show();
        summarize("They keep " + bytes + " bytes of packages: --apply removes them.", Map.of());
      }
    });
    return 0;
  }

  private void apply(AdminRoutes.Records records, Retention retention) {
    records.audit().record(session.actor(), "retention.apply", "", "");
    try (ArtifactStore store = session.records().artifacts()) {
      retention.retire(this::see);
      show();
      Retention.Swept swept = retention.sweep(store);
      summarize(
          "%d packages and logs were removed, %d stay since other builds have them, %d go in a later run."
              .formatted(swept.removed(), swept.shared(), swept.waiting()),
          counts(swept));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> counts(Retention.Swept swept) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("removed", swept.removed());
    counts.put("shared", swept.shared());
    counts.put("waiting", swept.waiting());
    return counts;
  }

  private void see(Expired expired) {
    builds++;
    bytes += expired.packageBytes();
    if (json) {
      session.json(row(expired));
    } else if (rows.size() <= MOST) {
      rows.add(row(expired));
    }
  }

  private void show() {
    if (!rows.isEmpty()) {
      session.list(rows, MOST, false, COLUMNS);
    }
  }

  private static Map<String, @Nullable Object> row(Expired expired) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("build_id", expired.build().toString());
    row.put("full_name", expired.fullName());
    row.put("ref", expired.ref().orElse(null));
    row.put("otp_version", expired.otpVersion().orElse(null));
    row.put("state", expired.state().name());
    row.put("build_date", expired.finishedAt().toString());
    row.put("asked_date", expired.askedAt().map(Object::toString).orElse(null));
    row.put("downloaded", expired.downloadedOn().map(Object::toString).orElse(null));
    row.put("package_bytes", expired.packageBytes());
    return row;
  }

  private void summarize(String rest, Map<String, Object> more) {
    if (json) {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("builds", builds);
      all.put("package_bytes", bytes);
      all.putAll(more);
      session.json(all);
    } else {
      session
          .out()
          .println(
              (builds == 1 ? "1 build is" : builds + " builds are") + " kept by no rule. " + rest);
    }
  }
}
