package dev.raccoon.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.artifact.PackerFuzz;
import dev.raccoon.artifact.TarWriterFuzz;
import dev.raccoon.coon.CoonBodyFuzz;
import dev.raccoon.http.QueryStringFuzz;
import dev.raccoon.source.GitFailureFuzz;
import dev.raccoon.source.RemoteRefsFuzz;
import dev.raccoon.tool.MakeDiagnosisFuzz;
import dev.raccoon.tool.MixDiagnosisFuzz;
import dev.raccoon.tool.Rebar3DiagnosisFuzz;
import dev.raccoon.toolchain.AppFileFuzz;
import dev.raccoon.toolchain.ErlangTermsFuzz;
import dev.raccoon.toolchain.MixLockFuzz;
import dev.raccoon.toolchain.ProjectFileFuzz;
import dev.raccoon.toolchain.RebarConfigFuzz;
import dev.raccoon.toolchain.RebarLockFuzz;
import dev.raccoon.toolchain.RepositoryConfigFuzz;
import dev.raccoon.value.CloneUrlFuzz;
import dev.raccoon.value.OtpVersionFuzz;
import dev.raccoon.value.PackageNameFuzz;
import dev.raccoon.value.RefFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** All targets. */
final class FuzzTargets {
  static final List<FuzzTarget> ALL =
      List.of(
          new PackageNameFuzz(),
          new RefFuzz(),
          new CloneUrlFuzz(),
          new OtpVersionFuzz(),
          new CoonBodyFuzz(),
          new QueryStringFuzz(),
          new TarWriterFuzz(),
          new PackerFuzz(),
          new ErlangTermsFuzz(),
          new AppFileFuzz(),
          new RebarConfigFuzz(),
          new RepositoryConfigFuzz(),
          new RebarLockFuzz(),
          new MixLockFuzz(),
          new ProjectFileFuzz(),
          new RemoteRefsFuzz(),
          new GitFailureFuzz(),
          new Rebar3DiagnosisFuzz(),
          new MakeDiagnosisFuzz(),
          new MixDiagnosisFuzz());

  private FuzzTargets() {}

  /** A target's name: {@code Ref} of {@code RefFuzz}. */
  static String name(FuzzTarget target) {
    return target.getClass().getSimpleName().replaceFirst("Fuzz$", "");
  }

  static FuzzTarget named(String name) {
    return ALL.stream().filter(target -> name(target).equals(name)).findFirst().orElseThrow();
  }

  /**
   * For {@code bench/fuzz}: writes each target's seeds to {@code FOLDER/NAME/seeds}, and prints its
   * name.
   */
  static void main(String[] arguments) throws IOException {
    for (FuzzTarget target : ALL) {
      Path seeds = Files.createDirectories(Path.of(arguments[0], name(target), "seeds"));
      for (int i = 0; i < target.seeds().size(); i++) {
        Files.write(seeds.resolve("seed-" + i), target.seeds().get(i).getBytes(UTF_8));
      }
      System.out.println(name(target));
    }
  }
}
