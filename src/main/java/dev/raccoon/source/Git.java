package dev.raccoon.source;

import dev.raccoon.process.Subprocess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The git program with a configuration of its own: no hooks, no helpers, no prompts, no redirects
 * to elsewhere, and only the protocols that a command is given. Nothing of the operator's or the
 * machine's git settings counts.
 */
public final class Git {
  private static final int OUTPUT_LIMIT_BYTES = 16 << 20;
  private static final String CONFIGURATION =
      """
      [safe]
      	directory = *
      [core]
      	hooksPath = /dev/null
      	fsmonitor = false
      [protocol]
      	allow = never
      [http]
      	followRedirects = false
      	lowSpeedLimit = 1000
      	lowSpeedTime = 60
      [fetch]
      	unpackLimit = 1000000
      [gc]
      	auto = 0
      [maintenance]
      	auto = false
      [init]
      	defaultBranch = main
      [advice]
      	detachedHead = false
      [submodule]
      	recurse = false
      """;

  private final Path home;

  /** Git with its configuration in {@code home}, which is made. */
  public Git(Path home) throws IOException {
    this.home = Files.createDirectories(home);
    Files.writeString(home.resolve("gitconfig"), CONFIGURATION);
  }

  /** How a command ended. */
  sealed interface Result {
    /** With {@code status}, and what it wrote to both streams, as text. */
    record Exited(int status, String output) implements Result {}

    /** It was killed after its time. */
    record TimedOut(Duration after) implements Result {}

    /** It wrote more than can be kept. */
    record TooLong(int limitBytes) implements Result {}
  }

  /** Runs {@code git ARGUMENTS} in {@code folder}. An interrupt kills it. */
  Result run(Path folder, Duration timeout, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(arguments.size() + 1);
    command.add("git");
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    environment(builder.environment());
    BoundedOutput output = new BoundedOutput();
    return switch (Subprocess.await(builder.start(), timeout, output)) {
      case Subprocess.End.Exited(int ignored) when output.cut ->
          new Result.TooLong(OUTPUT_LIMIT_BYTES);
      case Subprocess.End.Exited(int status) ->
          new Result.Exited(status, output.kept.toString(StandardCharsets.UTF_8));
      case Subprocess.End.TimedOut(Duration after) -> new Result.TimedOut(after);
    };
  }

  /** Runs a command that must succeed, because everything that it needs is here. */
  String local(Path folder, List<String> arguments) throws IOException, InterruptedException {
    return switch (run(folder, Duration.ofMinutes(5), arguments)) {
      case Result.Exited(int status, String output) when status == 0 -> output;
      case Result.Exited(int status, String output) ->
          throw new IOException(
              String.join(" ", arguments) + " ended with " + status + ": " + output.strip());
      case Result.TimedOut(Duration after) ->
          throw new IOException(String.join(" ", arguments) + " took longer than " + after);
      case Result.TooLong(int limitBytes) ->
          throw new IOException(
              String.join(" ", arguments) + " wrote more than " + limitBytes + " bytes");
    };
  }

  private void environment(Map<String, String> environment) {
    String path = environment.getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    Map<String, String> certificates = new HashMap<>();
    for (String name : List.of("SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO")) {
      if (environment.containsKey(name)) {
        certificates.put(name, environment.get(name));
      }
    }
    environment.clear();
    environment.putAll(certificates);
    environment.put("PATH", path);
    environment.put("HOME", home.toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    environment.put("GIT_CONFIG_GLOBAL", home.resolve("gitconfig").toString());
    environment.put("GIT_TERMINAL_PROMPT", "0");
    environment.put("GIT_ASKPASS", "true");
    environment.put("GIT_LFS_SKIP_SMUDGE", "1");
  }

  /** Keeps the beginning of what git says; a remote may say without end. */
  private static final class BoundedOutput extends OutputStream {
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean cut;

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      int room = OUTPUT_LIMIT_BYTES - kept.size();
      cut |= length > room;
      kept.write(bytes, offset, Math.min(length, room));
    }
  }
}
