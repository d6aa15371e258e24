package dev.raccoon.otp;

import dev.raccoon.process.Subprocess;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Runs kerl. It says why it fails only to a terminal, so that it gets one, from util-linux's {@code
 * script} where that is installed; when that ends with this server, the terminal hangs up, and kerl
 * ends with all that it has started.
 */
final class KerlCommand {
  private static final Duration LONGEST = Duration.ofHours(3);
  private static final Path TERMINAL = Path.of("/usr/bin/script");
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  /** What a build of Erlang/OTP may depend on; the server's secrets are not among it. */
  private static final Set<String> PASSED_ON =
      Set.of(
          "HOME",
          "PATH",
          "TMPDIR",
          "TMP_DIR",
          "LANG",
          "CC",
          "CXX",
          "CFLAGS",
          "CXXFLAGS",
          "CPPFLAGS",
          "LDFLAGS",
          "MAKEFLAGS",
          "http_proxy",
          "https_proxy",
          "no_proxy",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "SSL_CERT_FILE",
          "OTP_GITHUB_URL");

  private final Path program;
  private final Path base;

  /** The kerl at {@code program}, which keeps its things in {@code base}. */
  KerlCommand(Path program, Path base) {
    this.program = program;
    this.base = base;
  }

  /** How it ended, and the end of what it said. */
  record Ended(boolean well, LastWords messages) {}

  /** Runs {@code kerl} with {@code arguments}; what it says goes to {@code log} as well. */
  Ended run(OutputStream log, List<String> arguments) throws IOException, InterruptedException {
    Files.createDirectories(base);
    ProcessBuilder builder = new ProcessBuilder().redirectErrorStream(true);
    environment(builder.environment());
    List<String> all = new ArrayList<>(List.of(program.toString()));
    all.addAll(arguments);
    builder.command(
        endingWithUs(
            Files.isExecutable(TERMINAL) ? withTerminal(all, builder.environment()) : all));
    builder.directory(base.toFile());
    LastWords messages = new LastWords();
    return switch (Subprocess.await(builder.start(), LONGEST, both(log, messages))) {
      case Subprocess.End.Exited(int status) -> new Ended(status == 0, messages);
      case Subprocess.End.TimedOut(Duration after) -> {
        log.write(
            "It was ended after %d hours.\n"
                .formatted(after.toHours())
                .getBytes(StandardCharsets.UTF_8));
        yield new Ended(false, messages);
      }
    };
  }

  /** {@code script} takes a shell's command: a constant one, which has the words by reference. */
  private static List<String> withTerminal(List<String> words, Map<String, String> environment) {
    StringBuilder command = new StringBuilder("exec");
    for (int i = 0; i < words.size(); i++) {
      environment.put("KERL_WORD_" + i, words.get(i));
      command.append(" \"$KERL_WORD_").append(i).append('"');
    }
    return List.of(TERMINAL.toString(), "-q", "-e", "-c", command.toString(), "/dev/null");
  }

  /** The kernel ends it with the thread that starts it: the next server begins again. */
  private static List<String> endingWithUs(List<String> command) {
    List<String> all = new ArrayList<>();
    if (Files.isExecutable(SETPRIV)) {
      all.addAll(List.of(SETPRIV.toString(), "--pdeathsig", "KILL"));
    }
    all.addAll(command);
    return all;
  }

  private void environment(Map<String, String> environment) {
    environment.keySet().removeIf(name -> !PASSED_ON.contains(name) && !name.startsWith("KERL_"));
    environment.putIfAbsent("HOME", base.toString());
    environment.put("KERL_BASE_DIR", base.toString());
    environment.put("KERL_COLORIZE", "0");
    environment.put("TERM", "dumb");
    environment.put("SHELL", "/bin/sh");
  }

  private static OutputStream both(OutputStream log, LastWords messages) {
    return new OutputStream() {
      @Override
      public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        messages.add(bytes, offset, length);
        try {
          log.write(bytes, offset, length);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }
}
