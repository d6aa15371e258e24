package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.toolchain.ProjectSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProjectCommandsTest {
  private static final Task TOOL =
      new Task("tool", List.of("tool"), Map.of("B", "tool's"), List.of(Path.of("/opt/tool")));

  private final Recipe recipe =
      ProjectCommands.around(
          new Recipe(
              "tool",
              List.of(),
              List.of(TOOL),
              List.of(TOOL),
              new Output.InPlace(List.of()),
              (printed, status) -> new Finding.Unclear("tool's")),
          new ProjectSettings(
              List.of(),
              Optional.empty(),
              Optional.empty(),
              Map.of("A", "own", "B", "own"),
              List.of("one && two"),
              List.of("three")));

  @Test
  void commandsRunAroundTheCompilerInAShell() {
    assertThat(recipe.compile())
        .extracting(Task::arguments)
        .containsExactly(
            List.of("sh", "-c", "one && two"), List.of("tool"), List.of("sh", "-c", "three"));
    assertThat(recipe.prepare()).extracting(Task::arguments).containsExactly(List.of("tool"));
  }

  @Test
  void everyTaskGetsTheEnvironmentBelowItsOwn() {
    assertThat(recipe.prepare().getFirst().environment())
        .isEqualTo(Map.of("A", "own", "B", "tool's"));
    assertThat(recipe.compile().getFirst().environment()).isEqualTo(Map.of("A", "own", "B", "own"));
    assertThat(recipe.compile().get(1).readable()).containsExactly(Path.of("/opt/tool"));
  }

  @Test
  void aCommandThatFailsIsNamedWithItsLastLine() {
    String log =
        "==> tool, with OTP 27.1\nold\n==> raccoon.yaml: command 1 of after, with OTP 27.1\n";

    assertThat(recipe.diagnosis().of(log + "\u001b[31modd\u001b[0m\n\n", 3))
        .isEqualTo(
            new Finding.Unclear(
                "raccoon.yaml: command 1 of after ended with status 3; its last line: odd"));
    assertThat(recipe.diagnosis().of(log, 3))
        .isEqualTo(
            new Finding.Unclear(
                "raccoon.yaml: command 1 of after ended with status 3 and said nothing."));
  }

  @Test
  void anotherTaskThatFailsIsItsToolsToExplain() {
    assertThat(
            recipe
                .diagnosis()
                .of("==> raccoon.yaml: command 1 of before\nx\n==> tool, with OTP 27.1\ny\n", 1))
        .isEqualTo(new Finding.Unclear("tool's"));
  }
}
