package dev.raccoon.db;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the embedded PostgreSQL prints: troubles go to the log as warnings, the rest for debugging;
 * the last lines are kept to tell why it ended. Thread-safe.
 */
final class PostgresLog {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresLog.class);
  private static final int KEPT_LINES = 20;
  private static final Set<String> TROUBLES = Set.of("WARNING", "ERROR", "FATAL", "PANIC");
  private static final Set<String> CONTINUATIONS =
      Set.of("DETAIL", "HINT", "QUERY", "CONTEXT", "LOCATION", "BACKTRACE", "STATEMENT");

  /** What a client hears that is still connected while the server ends in order. */
  private static final String ORDERLY_END = "terminating connection due to administrator command";

  private final Deque<String> lastLines = new ArrayDeque<>();
  private boolean trouble;

  /** Takes the next line. */
  synchronized void add(String line) {
    String word = line.substring(0, Math.max(0, line.indexOf(':')));
    boolean goesOn = line.startsWith("\t") || CONTINUATIONS.contains(word);
    trouble = goesOn ? trouble : TROUBLES.contains(word) && !line.endsWith(ORDERLY_END);
    if (trouble) {
      LOG.warn("PostgreSQL: {}", line);
    } else {
      LOG.debug("PostgreSQL: {}", line);
    }
    if (lastLines.size() == KEPT_LINES) {
      lastLines.removeFirst();
    }
    lastLines.addLast(line);
  }

  /** Whether one of the last lines has {@code text} in it. */
  synchronized boolean mentions(String text) {
    return lastLines.stream().anyMatch(line -> line.contains(text));
  }

  /** The last lines, oldest first. */
  synchronized String lastLines() {
    return String.join("\n", lastLines);
  }
}
