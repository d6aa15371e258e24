package dev.raccoon.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FixtureRepositoriesTest {
  @TempDir private Path folder;

  @Test
  void eachFolderOfAProjectIsATagInOrderAndMainIsAheadOfTheNewest() throws IOException {
    GitRepository demo = new FixtureRepositories(folder).make("demo");

    assertThat(demo.tags()).containsExactly("1.0.0", "1.0.1", "1.1.0", "2.0.0-rc1");
    assertThat(demo.git("log", "--reverse", "--format=%s", "main").lines())
        .containsExactly("demo 1.0.0", "demo 1.0.1", "demo 1.1.0", "demo 2.0.0-rc1", "demo main");
    assertThat(demo.git("describe", "--tags", "main")).startsWith("2.0.0-rc1-1-g");
  }

  @Test
  void aFoldersFilesAreLaidOverThoseOfTheCommitBefore() throws IOException {
    GitRepository broken = new FixtureRepositories(folder).make("broken");

    assertThat(broken.git("show", "0.1.0:src/broken.erl")).doesNotContain("answer() -> 42");
    assertThat(broken.git("show", "0.2.0:src/broken.erl")).contains("answer() -> 42");
    assertThat(broken.git("ls-tree", "-r", "--name-only", "0.2.0").lines())
        .containsExactly(".gitignore", "rebar.config", "src/broken.app.src", "src/broken.erl");
  }

  @Test
  void tagsAreLightweightUnlessTheProjectListsThemAsAnnotated() throws IOException {
    GitRepository demo = new FixtureRepositories(folder).make("demo");

    assertThat(demo.git("cat-file", "-t", "refs/tags/1.0.1")).isEqualTo("commit");
    assertThat(demo.git("cat-file", "-t", "refs/tags/1.1.0")).isEqualTo("tag");
  }

  @Test
  void theSameProjectMadeTwiceHasTheSameObjects() throws IOException {
    GitRepository one = new FixtureRepositories(folder.resolve("one")).make("demo");
    GitRepository two = new FixtureRepositories(folder.resolve("two")).make("demo");

    assertThat(one.git("show-ref", "--dereference"))
        .isEqualTo(two.git("show-ref", "--dereference"));
  }

  @Test
  void linksStayLinks() throws IOException {
    GitRepository escaping = new FixtureRepositories(folder).make("escaping_priv");

    assertThat(escaping.git("ls-tree", "1.0.0", "priv")).startsWith("120000 blob");
    assertThat(escaping.git("show", "1.0.0:priv")).isEqualTo("/etc");
  }

  @Test
  void aMovedTagLeadsToTheOtherCommit() throws IOException {
    GitRepository demo = new FixtureRepositories(folder).make("demo");
    String before = demo.commitOf("1.0.1");

    String changed = demo.commitFile("src/demo_more.erl", "-module(demo_more).\n");
    demo.moveTag("1.0.1", "main");

    assertThat(demo.commitOf("1.0.1")).isEqualTo(changed).isNotEqualTo(before);
    assertThat(demo.git("show", "1.0.1:src/demo_more.erl")).isEqualTo("-module(demo_more).");
    assertThatThrownBy(() -> demo.moveTag("9.9.9", "main"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void branchesAndFurtherTagsCanBeMadeAndTakenAway() throws IOException {
    GitRepository broken = new FixtureRepositories(folder).make("broken");

    broken.branch("stable", "0.1.0");
    broken.annotatedTag("0.3.0", "stable");
    broken.deleteTag("0.2.0");

    assertThat(broken.tags()).containsExactly("0.1.0", "0.3.0");
    assertThat(broken.commitOf("stable")).isEqualTo(broken.commitOf("0.3.0"));
  }

  @Test
  void anotherGitClonesATagByUrl() throws IOException {
    GitRepository demo = new FixtureRepositories(folder).make("demo");
    Path clone = folder.resolve("clone");

    demo.git("clone", "--quiet", "--depth=1", "--branch=1.0.0", demo.url(), clone.toString());

    assertThat(clone.resolve("priv/greeting.txt")).hasContent("Hello\n");
    assertThat(clone.resolve("src/demo_clock.erl")).doesNotExist();
  }

  @Test
  void theReadmeListsEveryProjectAndNoOther() throws IOException {
    Path fixtures = Path.of("src", "test", "fixtures");
    try (Stream<Path> entries = Files.list(fixtures);
        Stream<String> lines = Files.lines(fixtures.resolve("README.md"))) {
      List<String> projects =
          entries.filter(Files::isDirectory).map(p -> p.getFileName().toString()).sorted().toList();
      assertThat(lines.filter(line -> line.startsWith("| `")).map(line -> line.split("`", -1)[1]))
          .containsExactlyElementsOf(projects);
    }
  }
}
