package dev.raccoon.build;

import dev.raccoon.catalog.FailureKind;
import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import dev.raccoon.value.OtpVersion;
import java.util.List;

/** What a package's build printed last, when it failed. */
public final class CompileFailureFuzz implements FuzzTarget {
  private static final OtpVersion OTP = new OtpVersion("25.2.3");

  @Override
  public List<String> seeds() {
    return List.of(
        """
        ===> Analyzing applications...
        ===> Compiling src/a.erl failed
        a.erl:4:15: function answer/0 undefined
        a.erl:{2,14}: x
        a.erl:none: y
        """,
        "===> Fetching nobody v1.0.0\n===> Failed to fetch and copy dep: x\n",
        "===> Package not found in any repo: nobody\n",
        "===> Errors loading plugin rebar3_x. Run rebar3\n===> Unable to run pre hooks\n",
        "sh: 1: gcc: \u001b[31mnot found\u001b[0m\n\ud83e\udd9d\u202e\u2028\n");
  }

  @Override
  public void check(byte[] input) {
    Step.Failed<BuildPlan> failed = CompileFailure.compiling(OTP, Property.text(input), 1);
    Property.holds(
        failed.kind() == FailureKind.COMPILE || failed.kind() == FailureKind.DEPENDENCY,
        "a fault of something else");
    Property.holds(failed.limit().isEmpty(), "a limit");
    Property.sentence(failed.message());
  }
}
