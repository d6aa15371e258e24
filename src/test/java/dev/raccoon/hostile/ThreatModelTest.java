package dev.raccoon.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written about the attacks is about those that there are. */
class ThreatModelTest {
  private static final String BEGIN = "<!-- attacks: bench/threat-table writes this table -->";
  private static final String END = "<!-- end of attacks -->";

  @Test
  void theThreatModelsTableHasEveryAttackAndNoOther() throws IOException {
    String text = Files.readString(Path.of("docs", "threat-model.md"));
    assertThat(text).containsOnlyOnce(BEGIN).containsOnlyOnce(END);
    String table = text.substring(text.indexOf(BEGIN) + BEGIN.length(), text.indexOf(END)).strip();
    List<String> expected = Attack.all().stream().map(Report::beginning).toList();

    assertThat(table).startsWith(Report.HEAD);
    List<String> rows = table.substring(Report.HEAD.length()).lines().toList();
    assertThat(rows).hasSameSizeAs(expected);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i)).startsWith(expected.get(i)).endsWith(" |");
      assertThat(rows.get(i).length()).isGreaterThan(expected.get(i).length() + 2);
    }
  }

  @Test
  void theReadmeOfTheAttacksListsEachOfThem() throws IOException {
    List<String> rows =
        Files.readAllLines(Attack.FOLDER.resolve("README.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .toList();

    assertThat(rows)
        .containsExactlyElementsOf(
            Attack.all().stream()
                .map(attack ->
                    "| `%s` | %s | %s |"
                        .formatted(attack.name(), attack.tries(), attack.stoppedBy()))
                .toList());
  }
}
