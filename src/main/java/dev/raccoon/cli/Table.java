package dev.raccoon.cli;

import dev.raccoon.logging.VisibleText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows in columns as wide as their widest value. */
final class Table {
  private final List<String> keys;
  private final List<List<String>> lines = new ArrayList<>();

  Table(List<String> keys) {
    this.keys = List.copyOf(keys);
    lines.add(keys.stream().map(key -> key.replace('_', ' ')).toList());
  }

  void add(Map<String, @Nullable Object> row) {
    lines.add(keys.stream().map(key -> text(row.get(key))).toList());
  }

  void print(PrintWriter out) {
    for (List<String> line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < keys.size(); i++) {
        int column = i;
        int width = lines.stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
        text.append(line.get(i)).repeat(' ', width - line.get(i).length() + 2);
      }
      out.println(text.toString().stripTrailing());
    }
  }

  private static String text(@Nullable Object value) {
    if (value == null || value.equals("")) {
      return "-";
    }
    // Whoever may ask for builds or send a header has had a say in some of it.
    return VisibleText.of(
        value instanceof Collection<?> many
            ? many.stream().map(String::valueOf).collect(Collectors.joining(","))
            : value.toString());
  }
}
