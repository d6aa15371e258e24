package dev.raccoon.build;

import dev.raccoon.catalog.Build;
import dev.raccoon.source.SourceRepository.Commit;
import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.RepositoryConfig;
import dev.raccoon.value.Ref;
import java.nio.file.Path;

/**
 * All that a build of one version for one OTP needs to go on: nothing in it changes any more.
 *
 * @param ref what is built: as asked, or what the newest tag came to
 * @param tree its work tree, checked out
 * @param config what the repository says of itself
 */
record BuildPlan(
    Build build, Ref ref, Commit commit, Path tree, RepositoryConfig config, OtpInstallation otp) {

  /** The same with another tree. */
  BuildPlan in(Path other) {
    return new BuildPlan(build, ref, commit, other, config, otp);
  }

  /**
   * Where the sandbox sees the tree: the same on every node, so that equal sources give equal
   * bytes.
   */
  Path mountPoint() {
    return Path.of("/build", build.name().name());
  }
}
