package dev.raccoon.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder of {@code src/test/fixtures/hostile} that has an {@code attack.sh}, and what the lines
 * at that file's beginning say.
 *
 * @param tries what it is after
 * @param stoppedBy what must stop it
 * @param endings how its build may end
 * @param needs what the machine must have for it to be stopped
 * @param control what makes it succeed where there is no sandbox, if it can be tried there
 * @param apart whether its steps need a build each
 */
record Attack(
    String name,
    String tries,
    String stoppedBy,
    List<Ending> endings,
    Optional<String> needs,
    Optional<String> control,
    boolean apart) {
  static final Path FOLDER = Path.of("src", "test", "fixtures", "hostile").toAbsolutePath();

  /** All that there are, by their names. */
  static List<Attack> all() {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("attack.sh")))
          .map(folder -> read(folder.getFileName().toString()))
          .sorted(Comparator.comparing(Attack::name))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When it can be run: as its own file says, else while preparing and while compiling. */
  List<String> steps() {
    Path own = FOLDER.resolve(name).resolve("step");
    try {
      return Files.exists(own)
          ? List.of(Files.readString(own).strip())
          : List.of("prepare", "compile");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Attack read(String name) {
    try {
      List<String> lines = Files.readAllLines(FOLDER.resolve(name).resolve("attack.sh"));
      return new Attack(
          name,
          said(lines, "tries").orElseThrow(),
          said(lines, "stopped by").orElseThrow(),
          Stream.of(said(lines, "ends").orElseThrow().split(" or ", -1))
              .map(Ending::parse)
              .toList(),
          said(lines, "needs"),
          said(lines, "control"),
          said(lines, "apart").isPresent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> said(List<String> lines, String what) {
    String beginning = "# " + what + ": ";
    return lines.stream()
        .filter(line -> line.startsWith(beginning))
        .map(line -> line.substring(beginning.length()))
        .findFirst();
  }
}
