package dev.raccoon.toolchain;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The Erlang/OTP installations of the machine that runs the tests. */
final class MachineOtp {
  private MachineOtp() {}

  /** The system's, and those at {@code others}. */
  static OtpInstallations installations(Path... others) {
    return OtpInstallations.scan(
        new OtpSearch(
            List.of(Path.of("/usr/local/bin"), Path.of("/usr/bin")),
            OtpSearch.USUAL_ROOTS,
            List.of(others),
            Optional.empty()));
  }

  /** All installations; the test is skipped, saying so, where there is none. */
  static List<OtpInstallation> all() {
    List<OtpInstallation> all = installations().all();
    assumeTrue(!all.isEmpty(), "there is no Erlang/OTP on this machine");
    return all;
  }

  /** The {@code ebin/*.app} of every application. */
  static List<Path> appFiles(OtpInstallation installation) {
    try (Stream<Path> files = Files.walk(installation.root().resolve("lib"), 3)) {
      return files.filter(file -> file.toString().matches(".*/ebin/[^/]*\\.app")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
