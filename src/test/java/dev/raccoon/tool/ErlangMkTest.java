package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What newer versions of erlang.mk are given beside their commands, run by the machine's Erlang.
 */
class ErlangMkTest {
  @TempDir Path folder;

  @Test
  void hexIsFetchedFromThroughTheProxy() throws Exception {
    String script =
        """
        {ok, _} = application:ensure_all_started(inets),
        #{http_user_agent_fragment := <<"(httpc)">>} = #{}%s,
        {ok, Options} = httpc:get_options([proxy, https_proxy]),
        io:format("~0p", [lists:sort(Options)]),
        halt(0).
        """
            .formatted(ErlangMk.HEX_CONFIG);
    assertThat(erl(script, List.of()))
        .isEqualTo("[{https_proxy,{{\"127.0.0.1\",3128},[]}},{proxy,{{\"127.0.0.1\",3128},[]}}]");
  }

  @Test
  void theServersRebar3IsLaidWhereErlangMkWouldMakeItsOwn() throws Exception {
    Path program = Path.of("/usr/bin/rebar3");
    assumeTrue(Files.isRegularFile(program), "there is no rebar3 on this machine");
    erl(ErlangMk.UNPACK_REBAR3, List.of("-extra", program.toString()));
    assertThat(folder.resolve(".erlang.mk/rebar3/_build/prod/lib/rebar/ebin/rebar3.beam"))
        .isRegularFile();
  }

  private String erl(String script, List<String> more) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("erl", "-noshell", "-noinput", "-eval", script));
    command.addAll(more);
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("http_proxy", "http://127.0.0.1:3128");
    builder.environment().put("HOME", folder.toString());
    try {
      return Program.run(builder).output();
    } catch (IOException e) {
      return abort("there is no Erlang/OTP on this machine");
    }
  }
}
