package dev.raccoon.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The {@code git} program on one bare repository, without the settings of the user and the machine,
 * and with one author: the same calls make the same commits everywhere. Each commit is an hour
 * later than the one before it. Not thread safe.
 */
final class Git {
  private static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");

  private final Path repository;
  private final Path home;
  private int commits;

  /** Reads and writes {@code repository}; {@code home} is a folder without a configuration. */
  Git(Path repository, Path home) {
    this.repository = repository;
    this.home = home;
  }

  /**
   * Lays the files of {@code tree} over those of the commit before, and commits all of them on the
   * branch that HEAD names. Links stay links.
   */
  void commit(Path tree, String message) {
    // The index holds what came before, and --no-all keeps of it what is not in this tree. What
    // the project itself ignores, such as a _build left there by hand, stays out.
    run("--work-tree=" + tree, "add", "--no-all", tree.toString());
    run("--work-tree=" + tree, "commit", "--quiet", "-m", message);
    commits++;
  }

  /** Runs git with these arguments and returns what it prints, without the last line's end. */
  String run(String... arguments) {
    List<String> command =
        Stream.concat(Stream.of("git", "--git-dir=" + repository), Stream.of(arguments)).toList();
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().keySet().retainAll(Set.of("PATH"));
    builder.environment().putAll(environment());
    try {
      Program.Ended ended = Program.run(builder);
      if (ended.status() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + ended.errors());
      }
      return ended.output().stripTrailing();
    } catch (IOException e) {
      throw new IllegalStateException("git cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while git ran", e);
    }
  }

  private Map<String, String> environment() {
    String date = FIRST.plus(Duration.ofHours(commits)).toString();
    return Map.of(
        "HOME", home.toString(),
        "LC_ALL", "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM", "1",
        "GIT_CONFIG_GLOBAL", "/dev/null",
        "GIT_AUTHOR_NAME", "Ada Author",
        "GIT_AUTHOR_EMAIL", "ada@example.org",
        "GIT_AUTHOR_DATE", date,
        "GIT_COMMITTER_NAME", "Carl Committer",
        "GIT_COMMITTER_EMAIL", "carl@example.org",
        "GIT_COMMITTER_DATE", date);
  }
}
