package dev.raccoon.toolchain;

import dev.raccoon.value.OtpVersion;
import java.nio.file.Path;
import java.util.List;

/**
 * An Erlang/OTP on this machine.
 *
 * @param root its real path: the folder that holds {@code bin/erl}
 * @param version from {@code releases/N/OTP_VERSION}
 * @param ertsVersion the run-time system's, such as {@code 13.1.5}
 * @param libraryFolders real paths of the folders outside of the root and of {@code /usr} that its
 *     programs need to start: a sandbox must show them at the same paths
 */
public record OtpInstallation(
    Path root, OtpVersion version, String ertsVersion, List<Path> libraryFolders) {
  public OtpInstallation {
    libraryFolders = List.copyOf(libraryFolders);
  }

  /** The folder of {@code erl}, {@code erlc} and {@code escript}. */
  public Path bin() {
    return root.resolve("bin");
  }
}
