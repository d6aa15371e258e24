package dev.raccoon;

import dev.raccoon.CompatibilityTable.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What came of each build of {@code bench/compatibility}, as a table. */
final class CompatibilityReport {
  private final List<String> leftOut;
  private final List<JsonNode> builds = new ArrayList<>();
  private final List<String> rows = new ArrayList<>();

  /** {@code leftOut}: what could not be had, to be asked for. */
  CompatibilityReport(List<String> leftOut) {
    this.leftOut = leftOut;
  }

  /** Adds the row of an ended build, whose last command was {@code tool}, and answers it. */
  String add(Wanted one, JsonNode build, String tool) {
    builds.add(build);
    rows.add(row(one, build, tool));
    return rows.getLast();
  }

  private static String row(Wanted one, JsonNode build, String tool) {
    boolean built = build.get("state").stringValue().equals("SUCCEEDED");
    return "| "
        + String.join(
            " | ",
            one.repository(),
            one.tag(),
            text(build.get("otp_version"), one.otp()),
            cell(tool),
            built
                ? "built"
                : build.get("failure").stringValue() + ": " + cell(text(build.get("message"), "")),
            seconds(build),
            applications(build),
            nativeCode(build))
        + " |";
  }

  private static String text(JsonNode value, String otherwise) {
    return value.isString() ? value.stringValue() : otherwise;
  }

  private static String cell(String text) {
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ");
  }

  private static String seconds(JsonNode build) {
    if (!build.get("started_date").isString()) {
      return "";
    }
    Duration taken =
        Duration.between(
            Instant.parse(build.get("started_date").stringValue()),
            Instant.parse(build.get("build_date").stringValue()));
    return String.format(Locale.ROOT, "%.1f", taken.toMillis() / 1000.0);
  }

  private static String applications(JsonNode build) {
    return build
        .get("artifacts")
        .valueStream()
        .map(made -> made.get("app").stringValue())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String nativeCode(JsonNode build) {
    JsonNode code = build.get("native");
    if (!code.isObject()) {
      return "";
    }
    Set<String> parts = new TreeSet<>();
    code.get("processors").forEach(each -> parts.add(each.stringValue()));
    code.get("c_libraries").forEach(each -> parts.add(each.stringValue()));
    Optional.of(code.get("nif_version"))
        .filter(JsonNode::isString)
        .ifPresent(nif -> parts.add("NIF " + nif.stringValue()));
    return String.join(", ", parts);
  }

  /** As Markdown: the counts, what was left out, and a line for each build. */
  String text() {
    long built =
        builds.stream()
            .filter(build -> build.get("state").stringValue().equals("SUCCEEDED"))
            .count();
    StringBuilder report = new StringBuilder();
    report.append("\n").append(built).append(" of ").append(rows.size()).append(" built");
    String kinds =
        builds.stream()
            .filter(build -> build.get("failure").isString())
            .collect(
                Collectors.groupingBy(
                    build -> build.get("failure").stringValue(),
                    TreeMap::new,
                    Collectors.counting()))
            .entrySet()
            .stream()
            .map(kind -> kind.getValue() + " " + kind.getKey())
            .collect(Collectors.joining(", "));
    report.append(kinds.isEmpty() ? ".\n" : "; of the others: " + kinds + ".\n");
    if (!leftOut.isEmpty()) {
      report
          .append("Not whole on the mirror, and left out: ")
          .append(String.join(", ", leftOut))
          .append(".\n");
    }
    report.append(
        """

        | Repository | Tag | OTP | Compiled by | Result | Seconds | Applications | Native code |
        |---|---|---|---|---|---|---|---|
        """);
    rows.forEach(row -> report.append(row).append("\n"));
    return report.append("\n").toString();
  }
}
