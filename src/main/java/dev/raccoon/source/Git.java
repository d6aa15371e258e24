package dev.raccoon.source;

import dev.raccoon.config.SettingsException;
import dev.raccoon.process.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The git program with a configuration of its own: no hooks, no helpers, no prompts, no redirects
 * to elsewhere, and only the protocols that a command is given. Nothing of the operator's or the
 * machine's git settings counts.
 */
public final class Git {
  private static final String CONFIGURATION =
      """
      [safe]
      	directory = *
      [core]
      	hooksPath = /dev/null
      	fsmonitor = false
      	bigFileThreshold = 64m
      	packedGitWindowSize = 32m
      	packedGitLimit = 256m
      [pack]
      	threads = 1
      	windowMemory = 256m
      [protocol]
      	allow = never
      [http]
      	followRedirects = false
      	lowSpeedLimit = 1000
      	lowSpeedTime = 60
      [fetch]
      	unpackLimit = 1
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

  /** Of each process: a small pack of a hostile host's can ask for any amount. */
  private static final String MAX_MEMORY = "--as=" + (1L << 30);

  private static final String MAX_FILE = "--fsize=" + (4L << 30);
  private static final List<String> LIMITED = List.of("prlimit", MAX_MEMORY, MAX_FILE, "git");

  /** Of all that is committed here, which is the example: it is the same commit everywhere. */
  private static final String COMMIT_DATE = "@1767225600 +0000";

  private static final Pattern VERSION =
      Pattern.compile("git version ([0-9]{1,4})\\.([0-9]{1,4})(?![0-9])");

  private final Path home;

  /** Git with its configuration in {@code home}, which is made. */
  public Git(Path home) throws IOException {
    this.home = Files.createDirectories(home);
    Files.writeString(home.resolve("gitconfig"), CONFIGURATION);
  }

  /**
   * Refuses a git that is missing, or older than 2.37: nobody has tried what is older.
   *
   * @throws SettingsException with a sentence for the operator
   */
  public void requireVersion() throws InterruptedException {
    String printed;
    try {
      printed = local(home, List.of("version")).strip();
    } catch (IOException e) {
      throw new SettingsException("git cannot be run: install git 2.37 or later.");
    }
    if (!isNewEnough(printed)) {
      throw new SettingsException("git 2.37 or later is needed, and this is " + printed + ".");
    }
  }

  static boolean isNewEnough(String printed) {
    Matcher version = VERSION.matcher(printed);
    if (!version.lookingAt()) {
      return false;
    }
    int major = Integer.parseInt(version.group(1));
    return major > 2 || (major == 2 && Integer.parseInt(version.group(2)) >= 37);
  }

  /** How a command ended. */
  sealed interface Result {
    /** With {@code status}, and the lines of both streams that were not read already. */
    record Exited(int status, String output) implements Result {}

    /** It was killed after its time. */
    record TimedOut(Duration after) implements Result {}

    /** It was killed, since it wrote more than that. */
    record TooLong(int limitBytes) implements Result {}
  }

  /**
   * Runs {@code git ARGUMENTS} in {@code folder}. An interrupt kills it. Each of its processes may
   * have 1 GiB of memory, and each file that it writes 4 GiB.
   */
  Result run(Path folder, Duration timeout, List<String> arguments)
      throws IOException, InterruptedException {
    return run(folder, timeout, arguments, line -> false);
  }

  /** The same; {@code reader} is offered each line as it comes. */
  Result run(Path folder, Duration timeout, List<String> arguments, GitOutput.LineReader reader)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(LIMITED);
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    environment(builder.environment());
    GitOutput output = new GitOutput(reader);
    try {
      return switch (Subprocess.await(builder.start(), timeout, output)) {
        case Subprocess.End.Exited(int status) -> new Result.Exited(status, output.kept());
        case Subprocess.End.TimedOut(Duration after) -> new Result.TimedOut(after);
      };
    } catch (GitOutput.TooLongException e) {
      return new Result.TooLong(e.limitBytes);
    }
  }

  /**
   * Starts {@code git http-backend} with a request's {@code variables}, under the same
   * configuration and with 1 GiB of memory at most. What it has to complain of is thrown away.
   */
  public Process httpBackend(Map<String, String> variables) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("prlimit", MAX_MEMORY, "git", "http-backend")
            .directory(home.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    environment(builder.environment());
    builder.environment().putAll(variables);
    return builder.start();
  }

  /** A new file with {@code content}, which this user alone can read; the caller deletes it. */
  Path privateFile(String content) throws IOException {
    // Java makes it with the mode 0600.
    return Files.writeString(Files.createTempFile(home, "private", ".gitconfig"), content);
  }

  /** Runs a command that must succeed, because everything that it needs is here. */
  String local(Path folder, List<String> arguments) throws IOException, InterruptedException {
    Result result = run(folder, Duration.ofMinutes(5), arguments);
    if (result instanceof Result.Exited(int status, String output) && status == 0) {
      return output;
    }
    throw failure(arguments, result);
  }

  /** Why a command of ours did not succeed. */
  static IOException failure(List<String> arguments, Result result) {
    String command = String.join(" ", arguments);
    return switch (result) {
      case Result.Exited(int status, String output) ->
          new IOException(command + " ended with " + status + ": " + output.strip());
      case Result.TimedOut(Duration after) ->
          new IOException(command + " took longer than " + after);
      case Result.TooLong(int limitBytes) ->
          new IOException(command + " wrote more than " + limitBytes + " bytes");
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
    environment.put("GIT_AUTHOR_DATE", COMMIT_DATE);
    environment.put("GIT_COMMITTER_DATE", COMMIT_DATE);
    environment.put("GIT_LFS_SKIP_SMUDGE", "1");
  }
}
