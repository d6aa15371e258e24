package dev.raccoon.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleRepositoryTest {
  @TempDir private Path folder;

  @Test
  void itsCommitIsTheSameEverywhere() throws Exception {
    Git git = new Git(folder.resolve("git"));
    Path example = folder.resolve("helpers/example.git");

    ExampleRepository.make(git, example);

    assertThat(git.local(example, List.of("log", "--format=%at %ct", "1.0.0")).strip())
        .isEqualTo("1767225600 1767225600");
  }

  @Test
  void nothingIsLeftWhereItCannotBeMade() throws Exception {
    Git git = new Git(folder.resolve("git"));
    Files.writeString(folder.resolve("git/gitconfig"), "[this is none");
    Path helpers = Files.createDirectory(folder.resolve("helpers"));

    assertThatIOException()
        .isThrownBy(() -> ExampleRepository.make(git, helpers.resolve("example.git")));
    assertThat(names(helpers)).isEmpty();
  }

  private static List<Path> names(Path folder) throws IOException {
    try (Stream<Path> names = Files.list(folder)) {
      return names.toList();
    }
  }
}
