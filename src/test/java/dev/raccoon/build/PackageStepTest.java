package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.artifact.FileArtifactStore;
import dev.raccoon.build.PackageStep.Made;
import dev.raccoon.catalog.Artifact;
import dev.raccoon.catalog.FailureKind;
import dev.raccoon.source.RefKind;
import dev.raccoon.source.SourceRepository.Commit;
import dev.raccoon.tool.Checkout;
import dev.raccoon.tool.Finding;
import dev.raccoon.tool.Output;
import dev.raccoon.tool.Recipe;
import dev.raccoon.toolchain.OtpInstallation;
import dev.raccoon.toolchain.RepositoryConfig;
import dev.raccoon.value.Limit;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageStepTest {
  private static final long MEGABYTE = 1 << 20;

  @TempDir Path folder;

  @Test
  void allPackagesAreKeptAndNoneStaysInTheWorkFolder() throws Exception {
    application("one", 1000);
    application("two", 1000);

    Step<Made> made = pack(MEGABYTE);

    assertThat(made).isInstanceOf(Step.Done.class);
    assertThat(kept()).hasSize(2);
    assertThat(folder.resolve("work/one.ep")).doesNotExist();
  }

  @Test
  void theMainOneIsThatWhichRaccoonYamlNames() throws Exception {
    application("one", 1000);
    application("two", 1000);
    Files.writeString(tree().resolve("raccoon.yaml"), "application: two\n");

    assertThat(pack(MEGABYTE))
        .isInstanceOfSatisfying(
            Step.Done.class,
            done ->
                assertThat(((Made) done.value()).artifacts())
                    .filteredOn(Artifact::main)
                    .extracting(Artifact::application)
                    .containsExactly("two"));
  }

  @Test
  void anApplicationThatRaccoonYamlNamesAndThatIsNotThereFailsTheBuild() throws Exception {
    application("one", 1000);
    application("two", 1000);
    Files.writeString(tree().resolve("raccoon.yaml"), "application: three\n");

    assertThat(pack(MEGABYTE))
        .isEqualTo(
            new Step.Failed<Made>(
                FailureKind.COMPILE,
                "raccoon.yaml names an application that was not built: there is one, two."));
    assertThat(kept()).isEmpty();
  }

  @Test
  void whereOneIsRefusedNoneIsKept() throws Exception {
    application("one", 1000);
    application("two", 1000);
    Path priv = Files.createDirectories(tree().resolve("_build/default/lib/two/priv"));
    Files.createSymbolicLink(priv.resolve("passwords"), Path.of("/etc/passwd"));

    assertThat(pack(MEGABYTE)).isInstanceOf(Step.Failed.class);

    assertThat(kept()).isEmpty();
  }

  @Test
  void togetherTheyAreNoLongerThanOneMayBe() throws Exception {
    application("one", 600_000);
    application("two", 600_000);

    assertThat(pack(MEGABYTE))
        .isEqualTo(
            new Step.Failed<Made>(
                FailureKind.LIMIT, "The packages together are larger than 1 MiB.", Limit.ARTIFACT));

    assertThat(kept()).isEmpty();
  }

  private Step<Made> pack(long limitBytes) throws IOException {
    try (BuildFixture fixture = BuildFixture.ofFolders(folder)) {
      BuildPlan plan =
          new BuildPlan(
              fixture.ask("1.0.0").getFirst(),
              new Commit("ab".repeat(20), RefKind.TAG),
              new Checkout(
                  new PackageName("acme", "demo"),
                  new Ref("1.0.0"),
                  tree(),
                  RepositoryConfig.read(tree()),
                  new OtpInstallation(Path.of("/usr"), new OtpVersion("25"), "13", List.of())),
              new Recipe(
                  "rebar3",
                  List.of(),
                  List.of(),
                  List.of(),
                  new Output.Named(Path.of("_build/default/lib")),
                  (said, status) -> new Finding.Unclear("")));
      try (BuildLog log = new BuildLog(fixture.logs, fixture.claim(), folder, MEGABYTE)) {
        return new PackageStep(1000, new FileArtifactStore(fixture.artifacts()))
            .pack(plan, limitBytes, log);
      }
    }
  }

  private void application(String name, int moduleBytes) throws IOException {
    Path source = Files.createDirectories(tree().resolve("apps").resolve(name).resolve("src"));
    Files.writeString(source.resolve(name + ".app.src"), "");
    Path ebin =
        Files.createDirectories(tree().resolve("_build/default/lib").resolve(name).resolve("ebin"));
    Files.writeString(
        ebin.resolve(name + ".app"), "{application, " + name + ", [{vsn, \"1.0.0\"}]}.\n");
    Files.write(ebin.resolve(name + ".beam"), new byte[moduleBytes]);
  }

  private Path tree() {
    return folder.resolve("work/tree");
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("artifacts"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
