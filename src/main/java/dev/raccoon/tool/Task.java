package dev.raccoon.tool;

import dev.raccoon.sandbox.SandboxCommand;
import dev.raccoon.toolchain.OtpInstallation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A command of a recipe. It starts in the tree's root, with the OTP that is built for first in its
 * PATH.
 *
 * @param title what the build's log says is done, such as {@code rebar3 compile}
 * @param arguments the program and its arguments; no shell is added
 * @param environment on top of what every command gets, or instead of it
 * @param readable files and folders outside of {@code /usr} that it needs beside the OTP's own; all
 *     exist
 */
public record Task(
    String title, List<String> arguments, Map<String, String> environment, List<Path> readable) {
  public Task {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    readable = List.copyOf(readable);
  }

  /**
   * The command on {@code otp}.
   *
   * @param wayOut the Unix socket of a proxy, if it has a way out
   */
  public SandboxCommand on(OtpInstallation otp, Optional<Path> wayOut) {
    Set<Path> seen = new LinkedHashSet<>(otp.libraryFolders());
    seen.add(otp.root());
    seen.addAll(readable);
    seen.removeIf(path -> path.startsWith("/usr")); // is in every sandbox
    Map<String, String> all = new HashMap<>();
    all.put("PATH", otp.bin() + ":/usr/local/bin:/usr/bin:/bin");
    all.put("LANG", "C.UTF-8");
    all.put("TERM", "dumb");
    all.put("GIT_TERMINAL_PROMPT", "0");
    all.put("ERL_COMPILER_OPTIONS", "deterministic");
    all.putAll(environment);
    return new SandboxCommand(arguments, List.copyOf(seen), all, wayOut);
  }
}
