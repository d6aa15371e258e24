package dev.raccoon.db;

import java.util.List;
import java.util.stream.Collectors;

/** A table with the columns that somebody writes: those that are computed from others are not. */
public record Table(String name, List<String> columns) {
  public Table {
    columns = List.copyOf(columns);
  }

  /** As {@code COPY} names it. */
  String copied() {
    return quoted(name)
        + columns.stream().map(Table::quoted).collect(Collectors.joining(", ", " (", ")"));
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
