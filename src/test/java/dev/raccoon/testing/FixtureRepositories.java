package dev.raccoon.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes real git repositories of the projects in {@code src/test/fixtures}, whose README says how
 * their folders become commits and tags. The same project gives the same commits on every machine.
 */
public final class FixtureRepositories {
  private static final Path FIXTURES = Path.of("src", "test", "fixtures").toAbsolutePath();
  private static final String MAIN = "main";

  /** By name, the branch's own folder last. */
  private static final Comparator<Path> HISTORY =
      Comparator.comparing((Path step) -> nameOf(step).equals(MAIN))
          .thenComparing(FixtureRepositories::nameOf);

  private final Path fixtures;
  private final Path folder;

  /** Makes them in {@code folder}, a test's temporary one. */
  public FixtureRepositories(Path folder) {
    this(FIXTURES, folder);
  }

  FixtureRepositories(Path fixtures, Path folder) {
    this.fixtures = fixtures;
    this.folder = folder;
  }

  /** The folder that holds them: {@code NAME.git} for each that was made. */
  public Path folder() {
    return folder;
  }

  /** Makes the repository of the project {@code name}; once for each name. */
  public GitRepository make(String name) throws IOException {
    Path fixture = fixtures.resolve(name);
    GitRepository repository = GitRepository.create(folder.resolve(name + ".git"));
    List<String> annotated = annotatedTags(fixture);
    for (Path step : history(fixture)) {
      String tag = nameOf(step);
      repository.commit(step, name + " " + tag);
      if (annotated.contains(tag)) {
        repository.annotatedTag(tag, MAIN);
      } else if (!tag.equals(MAIN)) {
        repository.tag(tag, MAIN);
      }
    }
    return repository;
  }

  private static List<Path> history(Path fixture) throws IOException {
    try (Stream<Path> entries = Files.list(fixture)) {
      return entries.filter(Files::isDirectory).sorted(HISTORY).toList();
    }
  }

  private static List<String> annotatedTags(Path fixture) throws IOException {
    Path list = fixture.resolve("annotated-tags");
    return Files.exists(list) ? Files.readAllLines(list) : List.of();
  }

  private static String nameOf(Path step) {
    return step.getFileName().toString();
  }
}
