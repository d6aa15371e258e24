package dev.raccoon.cli;

import dev.raccoon.access.Actor;
import dev.raccoon.admin.AdminRoutes;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command works with.
 *
 * @param records opens the database, hands its records over, and closes it again
 * @param out for what was asked for, and nothing else
 * @param errors for sentences
 */
record Session(Records records, Actor actor, PrintWriter out, PrintWriter errors) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Prints one JSON value in a line. */
  void json(Object value) {
    out.println(JSON.writeValueAsString(value));
  }

  /**
   * Prints the first {@code most} of {@code rows}: as JSON, or their values in columns below {@code
   * keys}. If there are more, it says so.
   */
  void list(List<Map<String, @Nullable Object>> rows, int most, boolean json, List<String> keys) {
    List<Map<String, @Nullable Object>> shown = rows.subList(0, Math.min(rows.size(), most));
    if (json) {
      json(shown);
    } else {
      Table table = new Table(keys);
      shown.forEach(table::add);
      table.print(out);
    }
    if (shown.size() < rows.size()) {
      errors.println("raccoon: There are more: only the first " + most + " are shown.");
    }
  }

  /** Does {@code work} with the records. */
  void with(Consumer<AdminRoutes.Records> work) {
    records.with(work);
  }
}
