package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server whose rebar3 is another program, behind a link as where an operator keeps several. */
class CompileStepTest {
  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void linkRebar3() throws IOException {
    Path link = folder.resolve("rebar3");
    Files.createSymbolicLink(link, folder.resolve("rebar3-of-the-test"));
    server = TestServer.start(folder, Map.of("RACCOON_REBAR3", link.toString()));
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aRebar3ThatDoesNotRunOnThatOtpIsTheServersFault() throws Exception {
    JsonNode build = builtWith("main(_) -> no_such_module:run().");

    assertThat(build.get("failure").stringValue()).isEqualTo("TOOLCHAIN");
    assertThat(build.get("message").stringValue())
        .startsWith("This server's rebar3")
        .contains(" not run on OTP ");
  }

  @Test
  void aRebar3ThatRunsFailsForThePackagesSake() throws Exception {
    JsonNode build =
        builtWith(
            """
            main(["version"]) -> io:put_chars("rebar 3.0.0 on Erlang/OTP 25 Erts 13\\n");
            main(["compile"]) -> io:put_chars("it is odd\\n"), halt(1).
            """);

    assertThat(build.get("failure").stringValue()).isEqualTo("COMPILE");
    assertThat(build.get("message").stringValue()).endsWith("its last line: it is odd");
  }

  @Test
  void whatIsKilledWithoutALimitOfItsOwnIsAFaultOfCompiling() throws Exception {
    JsonNode build =
        builtWith(
            """
            main(["version"]) -> io:put_chars("rebar 3.0.0 on Erlang/OTP 25 Erts 13\\n");
            main(["compile"]) -> os:cmd("kill -9 " ++ os:getpid()).
            """);

    assertThat(build.get("failure").stringValue()).isEqualTo("COMPILE");
    assertThat(build.get("message").stringValue()).startsWith("Something killed rebar3");
  }

  private static JsonNode builtWith(String program) throws Exception {
    Path rebar3 = folder.resolve("rebar3-of-the-test");
    Files.writeString(rebar3, "#!/usr/bin/env escript\n" + program + "\n");
    assertThat(rebar3.toFile().setExecutable(true)).isTrue();
    return server.ended("demo", "[{\"ref\": \"1.0.0\"}]");
  }
}
