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
 */
record Session(Records records, Actor actor, PrintWriter out) {
  private static final JsonMapper JSON = new JsonMapper();

  /** Prints one JSON value in a line. */
  void json(Object value) {
    out.println(JSON.writeValueAsString(value));
  }

  /** Prints {@code rows}, their values in columns below the keys. */
  void table(List<Map<String, @Nullable Object>> rows, List<String> keys) {
    Table table = new Table(keys);
    rows.forEach(table::add);
    table.print(out);
  }

  /** Does {@code work} with the records. */
  void with(Consumer<AdminRoutes.Records> work) {
    records.with(work);
  }
}
