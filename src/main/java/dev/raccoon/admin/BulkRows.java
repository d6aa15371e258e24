package dev.raccoon.admin;

import dev.raccoon.catalog.Bulk;
import dev.raccoon.catalog.BulkFeedStore.Listed;
import dev.raccoon.catalog.BulkFeedStore.Preview;
import dev.raccoon.queue.Builders;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpSelector;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Builds in bulk as JSON has them, in requests, in answers and on the command line. */
public final class BulkRows {
  private BulkRows() {}

  /**
   * What is wanted.
   *
   * @throws InvalidValueException unless it says of which packages: all, some namespaces, or what
   *     failed
   */
  public static Bulk.Terms terms(
      OtpSelector otp, boolean all, List<String> namespaces, List<String> failed, boolean again) {
    if (!all && namespaces.isEmpty() && failed.isEmpty()) {
      throw new InvalidValueException(
          "Say what is to be built: all, some namespaces, or what failed in some way.");
    }
    if (all && !namespaces.isEmpty()) {
      throw new InvalidValueException("Say all or some namespaces, not both.");
    }
    return new Bulk.Terms(
        otp,
        namespaces.isEmpty() ? Namespaces.ALL : Namespaces.of(namespaces),
        Bulk.Terms.kinds(failed),
        again);
  }

  /** A bulk; {@code builders} are the nodes that may build it. */
  public static Map<String, @Nullable Object> bulk(Bulk bulk, Builders builders) {
    Bulk.Terms terms = bulk.terms();
    boolean all = terms.namespaces().all();
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("id", bulk.id());
    row.put("state", bulk.state().name());
    row.put("otp", terms.otp().toString());
    row.put("namespaces", all ? "all" : List.copyOf(new TreeSet<>(terms.namespaces().names())));
    row.put("failed", terms.failed().stream().map(Enum::name).sorted().toList());
    row.put("again", terms.again());
    row.put("skipped", bulk.skipped());
    row.put("waiting", bulk.builds().waiting());
    row.put("running", bulk.builds().running());
    row.put("succeeded", bulk.builds().succeeded());
    row.put("failures", bulk.builds().failed());
    row.put("cancelled", bulk.builds().cancelled());
    row.put("asked_by", bulk.by());
    row.put("asked_date", AdminRows.date(bulk.askedAt()));
    row.put("cancelled_by", bulk.cancelledBy().orElse(null));
    row.put(
        "waiting_for",
        bulk.state() == Bulk.State.QUEUEING
            ? builders.lack(terms.otp().toString()).orElse(null)
            : null);
    return row;
  }

  /** What a bulk would be. */
  public static Map<String, Object> preview(Preview preview) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("dry_run", true);
    row.put("builds", preview.builds());
    row.put("skipped", preview.skipped());
    row.put("first", preview.first().stream().map(BulkRows::listed).toList());
    return row;
  }

  private static Map<String, Object> listed(Listed listed) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("full_name", listed.name().toString());
    row.put("ref", listed.ref());
    return row;
  }
}
