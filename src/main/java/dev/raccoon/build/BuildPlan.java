package dev.raccoon.build;

import dev.raccoon.catalog.Build;
import dev.raccoon.source.SourceRepository.Commit;
import dev.raccoon.tool.Checkout;
import dev.raccoon.tool.Recipe;
import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.RepositoryConfig;
import dev.raccoon.value.Ref;
import java.nio.file.Path;

/**
 * All that a build of one version for one OTP needs to go on: nothing in it changes any more.
 *
 * @param checkout its work tree, of the ref that was asked for or of what the newest tag came to
 * @param recipe how it is built
 */
record BuildPlan(Build build, Commit commit, Checkout checkout, Recipe recipe) {
  /** The same with another tree. */
  BuildPlan in(Path other) {
    Checkout elsewhere = new Checkout(checkout.name(), ref(), other, config(), otp());
    return new BuildPlan(build, commit, elsewhere, recipe);
  }

  Ref ref() {
    return checkout.ref();
  }

  Path tree() {
    return checkout.tree();
  }

  RepositoryConfig config() {
    return checkout.config();
  }

  OtpInstallation otp() {
    return checkout.otp();
  }

  Path mountPoint() {
    return checkout.mountPoint();
  }
}
