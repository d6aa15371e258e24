package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.KerlFixture;
import dev.raccoon.testing.Patience;
import dev.raccoon.testing.Program;
import dev.raccoon.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
      assertThat(raccoon("store", "verify").output())
          .isEqualTo("0 packages and logs were read, 0 of them missing or damaged.\n");
    }

    Program.Ended after = raccoon("token", "list", "--json");
    assertThat(after.output()).startsWith("[{\"id\":2,").contains("\"id\":1");
    assertThat(after.errors()).isEmpty();
    assertThat(raccoon("store", "verify", "--json").output()).startsWith("{\"checked\":0,");
  }

  @Test
  void anInstallationOutlivesItsCommandAndItsServer() throws Exception {
    KerlFixture kerl = new KerlFixture(folder.resolve("kerl"));
    Map<String, String> settings =
        Map.of("RACCOON_KERL", kerl.program().toString(), "KERL_BASE_DIR", kerl.base().toString());
    kerl.hold();
    CompletableFuture<Program.Ended> command;
    try (ServerProcess server = ServerProcess.start(folder, settings)) {
      command = CompletableFuture.supplyAsync(() -> uncheckedRaccoon("otp", "install", "25.99"));
      kerl.awaitHolding();
      server.kill();
    }
    assertThat(command.get().status()).isEqualTo(1);
    assertThat(command.get().errors()).contains("It goes on without this command");
    Patience.await(
        () -> processesWith(kerl.program().toString()) == 0 ? Optional.of(true) : Optional.empty());

    kerl.release();
    try (ServerProcess server = ServerProcess.start(folder, settings)) {
      Program.Ended shown = raccoon("otp", "log", "1", "--follow");
      assertThat(shown.status()).as(shown.errors() + server.output()).isZero();
      assertThat(shown.output())
          .containsSubsequence("$ kerl build 25.99", "$ kerl build 25.99", "OTP 25.99 is there.\n");
      Patience.await(() ->
          Optional.of(uncheckedRaccoon("otp", "list").output())
              .filter(list -> list.matches("(?s)version .*25\\.99 +3\\.[^\n]*/otp/25\\.99\n.*")));
    }
  }

  private static long processesWith(String text) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(text))
        .count();
  }

  private Program.Ended uncheckedRaccoon(String... arguments) {
    try {
      return raccoon(arguments);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
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
    return Program.raccoon(folder.resolve("data"), arguments);
  }
}
