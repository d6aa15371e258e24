package dev.raccoon.tool;

import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.RepositoryConfig;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.nio.file.Path;

/**
 * A work tree that is to be built for one OTP, and to which nothing writes meanwhile.
 *
 * @param tree where this server has it; what lies in it is a stranger's
 * @param config what the repository says of itself
 */
public record Checkout(
    PackageName name, Ref ref, Path tree, RepositoryConfig config, OtpInstallation otp) {
  /**
   * Where its commands find the tree: the same on every node, so that equal sources give equal
   * bytes.
   */
  public Path mountPoint() {
    return Path.of("/build", name.name());
  }
}
