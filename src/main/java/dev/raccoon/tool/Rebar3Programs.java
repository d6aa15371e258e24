package dev.raccoon.tool;

import dev.raccoon.toolchain.OtpInstallation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The rebar3 that this machine has. Thread-safe. */
public final class Rebar3Programs {
  private final List<Path> searchPath;
  private final Trial trial;

  /** The rebar3 of the first folder of {@code searchPath} that has one; {@code trial} tries it. */
  public Rebar3Programs(List<Path> searchPath, Trial trial) {
    this.searchPath = searchPath;
    this.trial = trial;
  }

  /** The program itself, since the sandbox sees it at its real place only. */
  public Optional<Path> first() {
    return searchPath.stream()
        .map(folder -> folder.resolve("rebar3"))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .map(Rebar3Programs::real);
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether {@code program} runs on {@code otp} at all. */
  boolean runs(Path program, OtpInstallation otp) throws IOException, InterruptedException {
    return trial
        .printed(otp, program, List.of("escript", program.toString(), "version"))
        .isPresent();
  }
}
