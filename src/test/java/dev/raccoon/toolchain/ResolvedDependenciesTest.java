package dev.raccoon.toolchain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.toolchain.ResolvedDependencies.LockUse;
import dev.raccoon.toolchain.ResolvedDependency.Kind;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvedDependenciesTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String INNER = "ab".repeat(32);
  private static final String OUTER = "cd".repeat(32);

  @TempDir private Path tree;

  private void file(String name, String text) throws IOException {
    Path file = tree.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }

  private static ResolvedDependency git(String name, String url) {
    return new ResolvedDependency(name, Kind.GIT, COMMIT, url, Optional.empty(), Optional.empty());
  }

  private static ResolvedDependency hex(String name, String version, String source) {
    return new ResolvedDependency(
        name,
        Kind.HEX,
        version,
        source,
        Optional.of(new Sha256(INNER)),
        Optional.of(new Sha256(OUTER)));
  }

  private static String lock(String version) {
    return """
    {"1.2.0",
    [{<<"cowlib">>,{pkg,<<"cowlib_fork">>,<<"%s">>},1},
     {<<"demo">>,
      {git,"https://me:secret@git.example.org/demo.git",
           {ref,"%s"}},
      0}]}.
    [
    {pkg_hash,[
     {<<"cowlib">>, <<"%s">>}]},
    {pkg_hash_ext,[
     {<<"cowlib">>, <<"%s">>}]}
    ].
    """
        .formatted(version, COMMIT, INNER.toUpperCase(java.util.Locale.ROOT), OUTER);
  }

  @Test
  void aRebarLockNamesPackagesWithTheirChecksumsAndCommitsWithTheirRepositories() throws Exception {
    file("rebar.lock", lock("2.11.0"));

    ResolvedDependencies read = ResolvedDependencies.read(tree);

    assertThat(read.all())
        .containsExactly(
            hex("cowlib", "2.11.0", "hexpm/cowlib_fork"),
            git("demo", "https://git.example.org/demo.git"));
    assertThat(read.notes()).isEmpty();
  }

  @Test
  void aRebarLockWithoutPackagesIsAListAlone() {
    String text =
        "[{<<\"demo\">>,{git,\"git@github.com:a/demo.git\",{ref,\"" + COMMIT + "\"}},0}].";

    assertThat(RebarLock.parse(text.getBytes(UTF_8)).dependencies())
        .containsExactly(git("demo", "git@github.com:a/demo.git"));
    assertThat(RebarLock.parse("[].".getBytes(UTF_8)).dependencies()).isEmpty();
  }

  @Test
  void aMixLockNamesTheSame() throws Exception {
    file(
        "mix.lock",
        """
        %%{
          "cowlib": {:hex, :cowlib, "2.11.0", "%s", [:make, :rebar3], [{:ranch, "~> 1.8", [hex: :ranch, repo: "hexpm", optional: false]}], "hexpm", "%s"},
          "demo": {:git, "https://git.example.org/demo.git", "%s", [tag: "1.0.1"]}, # a comment
          "old": {:hex, :old, "0.1.0", "%s", [:mix], [], "acme"},
        }
        """
            .formatted(INNER, OUTER, COMMIT, INNER));

    ResolvedDependencies read = ResolvedDependencies.read(tree);

    assertThat(read.notes()).isEmpty();
    assertThat(read.all())
        .containsExactly(
            hex("cowlib", "2.11.0", "hexpm/cowlib"),
            git("demo", "https://git.example.org/demo.git"),
            new ResolvedDependency(
                "old",
                Kind.HEX,
                "0.1.0",
                "acme/old",
                Optional.of(new Sha256(INNER)),
                Optional.empty()));
  }

  @Test
  void whatIsNoLockIsNotedWithItsLine() throws Exception {
    file("rebar.lock", "[{<<\"a\">>,{path,\"x\",\"y\"},0}].");
    file("mix.lock", "%{\n  \"a\": System.cmd(\"id\", [])\n}");

    ResolvedDependencies read = ResolvedDependencies.read(tree);

    assertThat(read.all()).isEmpty();
    assertThat(read.notes())
        .containsExactly(
            "rebar.lock: 1 of its entries have a form that is not known.",
            "mix.lock, line 2: A lock file holds no names of variables or functions.");
  }

  @Test
  void aMixLockComputesNothingAndIsNotDeep() {
    for (String text :
        new String[] {
          "%{\"a\": \"#{x}\"}", "%{a: 1} |> x", "[]", "%{\"a\"}", "%{", "[".repeat(200), "%{a:1}"
        }) {
      LockFile read = MixLock.parse(text.getBytes(UTF_8));
      assertThat(read.dependencies()).as(text).isEmpty();
      assertThat(read.note()).as(text).isPresent();
    }
  }

  @Test
  void whatErlangMkAndCoonHaveClonedIsReadOffItsRepositoriesFiles() throws Exception {
    String origin = "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = https://x.org/%s\n[x]\n";
    file("deps/detached/.git/HEAD", COMMIT + "\n");
    file("deps/detached/.git/config", origin.formatted("detached"));
    file("deps/branch/.git/HEAD", "ref: refs/heads/main\n");
    file("deps/branch/.git/refs/heads/main", COMMIT + "\n");
    file("deps/branch/.git/config", origin.formatted("branch"));
    file("deps/packed/.git/HEAD", "ref: refs/heads/main\n");
    file("deps/packed/.git/packed-refs", "# pack-refs\n" + COMMIT + " refs/heads/main\n");
    file("deps/packed/.git/config", origin.formatted("packed"));
    file("_checkouts/of_coon/.git/HEAD", COMMIT + "\n");
    file("_checkouts/of_coon/.git/config", origin.formatted("of_coon"));
    file("deps/no_repository/Makefile", "");
    file("deps/up/.git/HEAD", "ref: refs/../../../secret\n");

    assertThat(ResolvedDependencies.read(tree).all())
        .containsExactly(
            git("branch", "https://x.org/branch"),
            git("detached", "https://x.org/detached"),
            git("packed", "https://x.org/packed"),
            git("of_coon", "https://x.org/of_coon"));
  }

  @Test
  void linksOutOfTheTreeAreNotFollowed() throws Exception {
    Path outside = Files.createDirectories(tree.resolve("outside/x/.git"));
    Files.writeString(outside.resolve("HEAD"), COMMIT);
    Path inside = Files.createDirectories(tree.resolve("inside"));
    Files.createSymbolicLink(inside.resolve("deps"), tree.resolve("outside"));
    Files.createSymbolicLink(inside.resolve("rebar.lock"), outside.resolve("HEAD"));

    ResolvedDependencies read = ResolvedDependencies.read(inside);

    assertThat(read.all()).isEmpty();
    assertThat(read.notes()).containsExactly("rebar.lock leads out of the repository.");
  }

  @Test
  void aLockIsHonouredMadeOrChanged() throws Exception {
    ResolvedDependencies none = ResolvedDependencies.read(tree);
    file("rebar.lock", "[].");
    ResolvedDependencies empty = ResolvedDependencies.read(tree);
    file("rebar.lock", lock("2.11.0"));
    ResolvedDependencies first = ResolvedDependencies.read(tree);
    file("rebar.lock", lock("2.11.0") + "% as it was");
    ResolvedDependencies rewritten = ResolvedDependencies.read(tree);
    file("rebar.lock", lock("2.12.0"));
    ResolvedDependencies second = ResolvedDependencies.read(tree);

    assertThat(none.lockUse(none)).isEqualTo(LockUse.NONE);
    assertThat(empty.lockUse(none)).isEqualTo(LockUse.NONE);
    assertThat(first.lockUse(none)).isEqualTo(LockUse.MADE);
    assertThat(first.lockUse(first)).isEqualTo(LockUse.HONOURED);
    assertThat(rewritten.lockUse(first)).isEqualTo(LockUse.HONOURED);
    assertThat(second.lockUse(first)).isEqualTo(LockUse.CHANGED);
    assertThat(first.lockUse(empty)).isEqualTo(LockUse.CHANGED);
  }
}
