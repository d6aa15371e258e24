package dev.raccoon.build;

import dev.raccoon.build.OwnApplications.Own;
import dev.raccoon.tool.Output;
import dev.raccoon.toolchain.AppFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the OTP applications of a repository that its tool has compiled, but none of those that it
 * needs: the one at the root first, then those below {@code apps/} and {@code lib/}.
 */
final class BuiltApplications {
  private static final int MAX_APPLICATIONS = 200;

  private BuiltApplications() {}

  /**
   * An application that was compiled.
   *
   * @param app its resource file, as compiled
   * @param ebin relative to the tree
   * @param source its own folder, relative to the tree; empty for the root
   */
  record Found(AppFile app, Path ebin, Path source) {}

  /** Those in {@code tree}, or the sentence that says what is wrong with one. */
  sealed interface Result {
    record Applications(List<Found> all) implements Result {}

    record Refused(String sentence) implements Result {}
  }

  /** Looks through {@code tree}, in which nothing runs any more, where the tool's output lies. */
  static Result find(Path tree, Output output) throws IOException {
    try {
      return read(tree, OwnApplications.in(tree, output));
    } catch (AccessDeniedException e) {
      return new Result.Refused("The build has left a folder that may not be read.");
    }
  }

  private static Result read(Path tree, List<Own> own) throws IOException {
    if (own.size() > MAX_APPLICATIONS) {
      return new Result.Refused(
          "The repository has more than " + MAX_APPLICATIONS + " applications.");
    }
    List<Found> all = new ArrayList<>();
    for (Own one : own) {
      switch (AppFile.read(tree, one.ebin().resolve(one.name() + ".app").toString())) {
        case AppFile.Result.Read(AppFile app) -> all.add(new Found(app, one.ebin(), one.source()));
        case AppFile.Result.Refused(String sentence) -> {
          return new Result.Refused(sentence);
        }
      }
    }
    return new Result.Applications(all);
  }
}
