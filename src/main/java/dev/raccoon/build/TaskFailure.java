package dev.raccoon.build;

import dev.raccoon.catalog.FailureKind;
import dev.raccoon.tool.DependencyCycle;
import dev.raccoon.tool.Finding;
import dev.raccoon.tool.GitTrouble;
import dev.raccoon.tool.LastError;
import dev.raccoon.toolchain.Dependency;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Says in a sentence why a task of a package's failed. */
final class TaskFailure {
  /** 128 and SIGKILL. */
  private static final int KILLED = 137;

  /** How much of a log's end is read for the line that says why a build failed. */
  private static final int LAST_WORDS_BYTES = 256 * 1024;

  private static final String PLUGIN = "The plugin ";

  /** What the step before has said of itself: {@link Trouble#note}. */
  private static final Pattern BLOCKED =
      Pattern.compile("(?m)^==> Not let through: (.+)\\. The operator allows hosts with .*$");

  private static final String NOT_HAD = " could not be had: ";

  private TaskFailure() {}

  /** While it was compiled. */
  static Step.Failed<BuildPlan> compiling(BuildPlan plan, int status, BuildLog log)
      throws IOException {
    if (status == KILLED) {
      return killed(plan);
    }
    Finding finding = finding(plan, status, log);
    return failed(plan, finding, Optional.of(whyNotThere(finding, log)), log);
  }

  /** rebar3 goes on, and ends well, when it cannot have a plugin while it fetches dependencies. */
  private static String whyNotThere(Finding finding, BuildLog log) throws IOException {
    String end = log.end(LAST_WORDS_BYTES);
    String before = end.substring(0, Math.max(0, end.lastIndexOf("\n==> ")));
    if (!(finding instanceof Finding.Dependency(String what, Optional<String> ignored))
        || !what.startsWith(PLUGIN)
        || !missed(before, what.substring(PLUGIN.length()))) {
      return "builds have no network while they compile.";
    }
    Matcher blocked = BLOCKED.matcher(before);
    return blocked.find()
        ? "builds may not connect to " + blocked.group(1) + "."
        : "it was not given when dependencies were fetched.";
  }

  private static boolean missed(String printed, String plugin) {
    return Stream.of(plugin + ".", "{" + plugin + ",")
        .anyMatch(form -> printed.contains("===> Errors loading plugin " + form));
  }

  /** While its dependencies were fetched; it met {@code trouble}. */
  static Step.Failed<BuildPlan> fetching(BuildPlan plan, int status, BuildLog log, Trouble trouble)
      throws IOException {
    if (status == KILLED) {
      return killed(plan);
    }
    Finding finding = finding(plan, status, log);
    Optional<String> cause =
        trouble.cause().map(why -> wantsHex(plan, finding) ? trouble.orMirror(why) : why);
    if (finding instanceof Finding.Dependency && cause.isEmpty()) {
      cause = GitTrouble.in(log.end(LAST_WORDS_BYTES));
    }
    return finding instanceof Finding.Unclear && cause.isPresent()
        ? new Step.Failed<>(FailureKind.DEPENDENCY, "A dependency" + NOT_HAD + cause.get())
        : failed(plan, finding, cause, log);
  }

  /** Where a limit was hit since dependencies lead back to themselves. */
  static Optional<Step.Failed<BuildPlan>> circle(BuildLog log) throws IOException {
    return DependencyCycle.in(log.end(LAST_WORDS_BYTES))
        .map(sentence -> new Step.Failed<>(FailureKind.DEPENDENCY, sentence));
  }

  /** Whether what is missing is a package of Hex, as far as its rebar.config tells. */
  private static boolean wantsHex(BuildPlan plan, Finding finding) {
    return finding instanceof Finding.Dependency(String what, Optional<String> ignored)
        && plan.config().dependencies().stream()
            .filter(Dependency.Hex.class::isInstance)
            .map(dependency -> "The dependency " + dependency.name())
            .anyMatch(name -> what.equals(name) || what.startsWith(name + " "));
  }

  private static Finding finding(BuildPlan plan, int status, BuildLog log) throws IOException {
    return plan.recipe().diagnosis().of(log.end(LAST_WORDS_BYTES), status);
  }

  private static Step.Failed<BuildPlan> failed(
      BuildPlan plan, Finding finding, Optional<String> cause, BuildLog log) throws IOException {
    return switch (finding) {
      case Finding.Dependency(String what, Optional<String> why) ->
          new Step.Failed<>(
              FailureKind.DEPENDENCY, what + NOT_HAD + cause.or(() -> why).orElse(lastError(log)));
      case Finding.Unmet(String sentence) -> new Step.Failed<>(FailureKind.DEPENDENCY, sentence);
      case Finding.Toolchain(String sentence) -> new Step.Failed<>(FailureKind.TOOLCHAIN, sentence);
      case Finding.Source(String sentence) -> new Step.Failed<>(FailureKind.SOURCE, sentence);
      case Finding.Compiler(String line) -> notCompiled(plan, line);
      case Finding.Unclear(String words) -> notCompiled(plan, words);
    };
  }

  private static String lastError(BuildLog log) throws IOException {
    return LastError.in(log.end(LAST_WORDS_BYTES)).orElse("nothing was said of it.");
  }

  private static Step.Failed<BuildPlan> notCompiled(BuildPlan plan, String why) {
    return new Step.Failed<>(
        FailureKind.COMPILE,
        "The package does not compile on OTP " + plan.otp().version().major() + ": " + why);
  }

  private static Step.Failed<BuildPlan> killed(BuildPlan plan) {
    return new Step.Failed<>(
        FailureKind.COMPILE,
        "Something killed "
            + plan.recipe().tool()
            + ": the package itself, or the machine for want of memory.");
  }
}
