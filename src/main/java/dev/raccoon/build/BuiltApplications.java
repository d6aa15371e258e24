package dev.raccoon.build;

import dev.raccoon.build.OwnApplications.Own;
import dev.raccoon.tool.Output;
import dev.raccoon.toolchain.AppFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
   * @param othersInEbin files of {@code ebin} that belong to other applications alone
   */
  record Found(AppFile app, Path ebin, Path source, Set<String> othersInEbin) {}

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
    List<AppFile> apps = new ArrayList<>();
    for (Own one : own) {
      switch (AppFile.read(tree, one.ebin().resolve(one.name() + ".app").toString())) {
        case AppFile.Result.Read(AppFile app) -> apps.add(app);
        case AppFile.Result.Refused(String sentence) -> {
          return new Result.Refused(sentence);
        }
      }
    }
    List<Found> all = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      Own one = own.get(i);
      all.add(new Found(apps.get(i), one.ebin(), one.source(), others(i, own, apps)));
    }
    return new Result.Applications(all);
  }

  /** Makefiles may compile several applications into one folder: each has the modules it names. */
  private static Set<String> others(int index, List<Own> own, List<AppFile> apps) {
    Set<String> others = new HashSet<>();
    for (int i = 0; i < own.size(); i++) {
      if (i != index && own.get(i).ebin().equals(own.get(index).ebin())) {
        others.add(apps.get(i).name() + ".app");
        apps.get(i).modules().stream()
            .filter(module -> !apps.get(index).modules().contains(module))
            .forEach(module -> others.add(module + ".beam"));
      }
    }
    return others;
  }
}
