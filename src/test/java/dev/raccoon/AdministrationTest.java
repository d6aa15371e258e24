package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.Program;
import dev.raccoon.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line in a process of its own, on a data directory with its embedded PostgreSQL. */
class AdministrationTest {
  private static final String[] CREATE = {
    "--invoked-by=ada", "token", "create", "--scope=administer", "--all-namespaces"
  };

  @TempDir Path folder;

  @Test
  void itWorksWhileTheServerRunsAndWhileItDoesNot() throws Exception {
    ServerProcess.start(folder, Map.of()).close();
    Program.Ended before = raccoon(CREATE);
    assertThat(before.status()).as(before.errors()).isZero();
    assertThat(before.output()).matches("rcn_[0-9A-Za-z]{49}\n");

    try (ServerProcess server = ServerProcess.start(folder, Map.of())) {
      Program.Ended during = raccoon(CREATE);
      assertThat(during.status()).as(during.errors()).isZero();
      for (Program.Ended made : List.of(before, during)) {
        assertThat(server.getAs(made.output().strip(), "/api/audit").get("response").toString())
            .contains("command line as ada");
      }
      assertThat(server.output()).doesNotContain("rcn_");
    }

    Program.Ended after = raccoon("token", "list", "--json");
    assertThat(after.output()).startsWith("[{\"id\":2,").contains("\"id\":1");
    assertThat(after.errors()).isEmpty();
  }

  @Test
  void aDirectoryThatNoServerHasUsedIsRefusedAndNotMade() throws Exception {
    Program.Ended wrong = raccoon(CREATE);
    assertThat(wrong.status()).isEqualTo(1);
    assertThat(wrong.output()).isEmpty();
    assertThat(wrong.errors())
        .startsWith("raccoon: No server has ever used the data directory ")
        .contains("RACCOON_DATA_DIR")
        .hasLineCount(1);
    assertThat(folder.resolve("data")).doesNotExist();
  }

  @Test
  void whatItCannotDoIsASentence() throws Exception {
    Program.Ended wrong = raccoon("token", "cerate");
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.output()).isEmpty();

    Files.writeString(folder.resolve("data"), "a file where the folder should be");
    Program.Ended blocked = raccoon("audit");
    assertThat(blocked.status()).isEqualTo(1);
    assertThat(blocked.errors())
        .startsWith("raccoon: No server has ever used the data directory ")
        .hasLineCount(1);
  }

  private Program.Ended raccoon(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Stream.concat(
                    Stream.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.raccoon.Main"),
                    Stream.of(arguments))
                .toList());
    builder.environment().put("RACCOON_DATA_DIR", folder.resolve("data").toString());
    return Program.run(builder);
  }
}
