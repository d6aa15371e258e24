package dev.raccoon.tool;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dependencies that lead back to themselves, where make goes into their folders for ever: it is
 * stopped at a limit, and leaves each folder several times.
 */
public final class DependencyCycle {
  private static final Pattern LEAVING =
      Pattern.compile("g?make\\[(\\d{1,9})\\]: Leaving directory '([^']{1,500})'");

  private DependencyCycle() {}

  /** The sentence that names one, if what was {@code printed} last shows a folder within itself. */
  public static Optional<String> in(String printed) {
    Set<String> inside = new HashSet<>();
    int outer = -1;
    for (String line : PrintedLines.ofLastTask(printed).all()) {
      Matcher leaving = LEAVING.matcher(line);
      if (!leaving.matches()) {
        continue;
      }
      int depth = Integer.parseInt(leaving.group(1));
      if (depth != outer - 1) {
        inside.clear(); // Not the folder around the one before.
      }
      outer = depth;
      String folder = leaving.group(2);
      if (!inside.add(folder)) {
        return Optional.of(
            PrintedLines.cut(
                "The dependencies go round in a circle: "
                    + folder.substring(folder.lastIndexOf('/') + 1)
                    + " needs itself."));
      }
    }
    return Optional.empty();
  }
}
