package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.raccoon.build.BuiltApplications.Found;
import dev.raccoon.build.BuiltApplications.Result;
import dev.raccoon.tool.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltApplicationsTest {
  private static final Output REBAR3 = new Output.Named(Path.of("_build/default/lib"));

  @TempDir Path tree;

  @Test
  void theOneAtTheRootIsFoundAndItsDependenciesAreNot() throws Exception {
    source("src/demo.app.src");
    compiled("_build/default/lib/demo", "demo");
    compiled("_build/default/lib/dependency", "dependency");

    assertThat(find()).containsExactly("demo in _build/default/lib/demo/ebin of ");
  }

  @Test
  void thoseOfAnUmbrellaAreFoundInTheOrderOfTheirNames() throws Exception {
    for (String name : new String[] {"two", "one"}) {
      source("apps/" + name + "/src/" + name + ".app.src");
      compiled("_build/default/lib/" + name, name);
    }
    source("lib/three/src/three.app.src.script");
    compiled("_build/default/lib/three", "three");

    assertThat(find())
        .containsExactly(
            "one in _build/default/lib/one/ebin of apps/one",
            "two in _build/default/lib/two/ebin of apps/two",
            "three in _build/default/lib/three/ebin of lib/three");
  }

  @Test
  void aFolderThatIsNamedOtherwiseThanItsApplicationIsFound() throws Exception {
    source("src/inner_name.app.src");
    compiled("_build/default/lib/inner_name", "inner_name");

    assertThat(find()).containsExactly("inner_name in _build/default/lib/inner_name/ebin of ");
  }

  @Test
  void anEbinOfTheRepositorysOwnIsTakenWhereNothingElseWasMade() throws Exception {
    compiled(".", "handmade");

    assertThat(find()).containsExactly("handmade in ebin of ");
  }

  @Test
  void ofTwoFoldersTheOneWithModulesWins() throws Exception {
    compiled(".", "demo");
    module("_build/default/lib/demo", "demo");
    compiled("_build/default/lib/demo", "demo");

    assertThat(find()).containsExactly("demo in _build/default/lib/demo/ebin of ");
    assertThat(find(new Output.InPlace(List.of())))
        .containsExactly("demo in _build/default/lib/demo/ebin of ");

    module(".", "demo");
    assertThat(find()).containsExactly("demo in _build/default/lib/demo/ebin of ");
    assertThat(find(new Output.InPlace(List.of()))).containsExactly("demo in ebin of ");
  }

  @Test
  void whatMakeCompilesBesideItsSourcesIsFoundAndItsDependenciesAreNot() throws Exception {
    compiled(".", "demo");
    compiled("apps/part", "part");
    compiled("deps/dependency", "dependency");

    assertThat(find(new Output.InPlace(List.of())))
        .containsExactly("demo in ebin of ", "part in apps/part/ebin of apps/part");
  }

  @Test
  void sourcesThatAProjectKeepsElsewhereAreFoundByTheLinksToThem() throws Exception {
    source("core/engine/src/engine.app.src");
    compiled("_build/default/lib/engine", "engine");
    link("_build/default/lib/engine/src", "../../../../core/engine/src");
    source("_checkouts/patched/src/patched.app.src");
    compiled("_build/default/lib/patched", "patched");
    link("_build/default/lib/patched/src", "../../../../_checkouts/patched/src");
    compiled("_build/default/lib/dependency", "dependency");
    link("_build/default/lib/dependency/src", "../../../../../elsewhere");

    assertThat(find()).containsExactly("engine in _build/default/lib/engine/ebin of core/engine");
  }

  @Test
  void ofWhatMixCompiledAllThatWasNotFetchedIsTheRepositorysOwn() throws Exception {
    Output mix = new Output.Unfetched(Path.of("_build/prod/lib"), Path.of("deps"));
    compiled("_build/prod/lib/door", "door");
    compiled("_build/prod/lib/whole", "whole");
    compiled("_build/prod/lib/jason", "jason");
    source("apps/door/mix.exs");
    source("deps/jason/mix.exs");

    assertThat(find(mix))
        .containsExactly(
            "whole in _build/prod/lib/whole/ebin of ",
            "door in _build/prod/lib/door/ebin of apps/door");
  }

  @Test
  void whatMixCompiledBelongsToTheFolderWhoseProjectIsNamedSo() throws Exception {
    Output mix = new Output.Unfetched(Path.of("_build/prod/lib"), Path.of("deps"));
    for (String name : new String[] {"alpha", "beta", "whole", "erlang_part"}) {
      compiled("_build/prod/lib/" + name, name);
    }
    Files.writeString(tree.resolve("mix.exs"), "[app: :whole, deps: [{:alpha, path: \"x\"}]]");
    source("parts/beta/mix.exs");
    source("parts/erlang_part/rebar.config");
    source("core/mix.exs");
    Files.writeString(tree.resolve("core/mix.exs"), "[app: :alpha]");

    assertThat(find(mix))
        .containsExactly(
            "whole in _build/prod/lib/whole/ebin of ",
            "alpha in _build/prod/lib/alpha/ebin of core",
            "beta in _build/prod/lib/beta/ebin of parts/beta",
            "erlang_part in _build/prod/lib/erlang_part/ebin of parts/erlang_part");
  }

  @Test
  void whatWasNotCompiledIsLeftOut() throws Exception {
    source("src/demo.app.src");
    source("apps/other/src/other.app.src");
    Files.createDirectories(tree.resolve("_build/default/lib/demo/ebin"));

    assertThat(find()).isEmpty();
  }

  @Test
  void oneNameIsOneApplication() throws Exception {
    source("src/demo.app.src");
    source("src/demo.app.src.script");
    source("apps/demo/src/demo.app.src");
    compiled("_build/default/lib/demo", "demo");

    assertThat(find()).containsExactly("demo in _build/default/lib/demo/ebin of ");
  }

  @Test
  void aBadResourceFileIsToldOf() throws Exception {
    source("src/demo.app.src");
    Path ebin = Files.createDirectories(tree.resolve("_build/default/lib/demo/ebin"));
    Files.writeString(ebin.resolve("demo.app"), "{application, demo, [{vsn, \"1");

    assertThat(BuiltApplications.find(tree, REBAR3))
        .isInstanceOfSatisfying(
            Result.Refused.class, refused -> assertThat(refused.sentence()).contains("demo.app"));
  }

  @Test
  void linksToElsewhereAreNotFollowed() throws Exception {
    Path elsewhere = Files.createDirectories(tree.resolve("elsewhere/evil/src"));
    Files.writeString(elsewhere.resolve("evil.app.src"), "");
    compiled("_build/default/lib/evil", "evil");
    Files.createSymbolicLink(tree.resolve("apps"), tree.resolve("elsewhere"));
    source("src/linked.app.src");
    Path ebin = Files.createDirectories(tree.resolve("_build/default/lib/linked/ebin"));
    Files.createSymbolicLink(ebin.resolve("linked.app"), elsewhere.resolve("evil.app.src"));

    assertThat(find()).isEmpty();
  }

  @Test
  void aFolderThatIsALinkOutOfTheTreeHoldsNothing() throws Exception {
    source("src/demo.app.src");
    Path outside = tree.resolveSibling("outside");
    Path ebin = Files.createDirectories(outside.resolve("default/lib/demo/ebin"));
    Files.writeString(ebin.resolve("demo.app"), "{application, demo, [{vsn, \"1.0.0\"}]}.\n");
    Files.createSymbolicLink(tree.resolve("_build"), outside);

    assertThat(find()).isEmpty();
  }

  @Test
  void aFolderThatIsALinkWithinTheTreeIsFollowed() throws Exception {
    source("src/demo.app.src");
    compiled("made/default/lib/demo", "demo");
    link("_build", "made");

    assertThat(find()).containsExactly("demo in _build/default/lib/demo/ebin of ");
  }

  @Test
  void ofVeryManyTheFirstByNameCountWhateverOrderTheDiskHasThemIn() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 2500; i++) {
      source("src/a%04d.app.src".formatted(i));
      if (i < 150) {
        String name = "a%04d".formatted(i);
        compiled("_build/default/lib/" + name, name);
        expected.add("%s in _build/default/lib/%s/ebin of ".formatted(name, name));
      }
    }

    assertThat(find()).containsExactlyElementsOf(expected);
  }

  @Test
  void thousandsOfOtherFilesHideNothing() throws Exception {
    for (int i = 0; i < 3000; i++) {
      source("src/m%04d.erl".formatted(i));
    }
    source("src/zz.app.src");
    compiled("_build/default/lib/zz", "zz");

    assertThat(find()).containsExactly("zz in _build/default/lib/zz/ebin of ");
  }

  @Test
  void whatTheBuildHasLockedIsItsOwnFault() throws Exception {
    source("src/demo.app.src");
    compiled("_build/default/lib/demo", "demo");

    assertThat(refusedWithout(tree.resolve("_build/default/lib/demo/ebin/demo.app")))
        .isEqualTo("demo.app may not be read.");
    assertThat(refusedWithout(tree.resolve("src")))
        .isEqualTo("The build has left a folder that may not be read.");
  }

  /** What is said when nobody may read {@code locked}. */
  private String refusedWithout(Path locked) throws IOException {
    var rights = Files.getPosixFilePermissions(locked);
    Files.setPosixFilePermissions(locked, Set.of());
    try {
      assumeFalse(Files.isReadable(locked), "this user may read everything");
      return ((Result.Refused) BuiltApplications.find(tree, REBAR3)).sentence();
    } finally {
      Files.setPosixFilePermissions(locked, rights);
    }
  }

  @Test
  void twoHundredAreEnough() throws Exception {
    for (int i = 0; i <= 200; i++) {
      source("apps/a%d/src/a%d.app.src".formatted(i, i));
      compiled("_build/default/lib/a" + i, "a" + i);
    }

    assertThat(BuiltApplications.find(tree, REBAR3))
        .isEqualTo(new Result.Refused("The repository has more than 200 applications."));
  }

  private Iterable<String> find() throws IOException {
    return find(REBAR3);
  }

  private Iterable<String> find(Output output) throws IOException {
    return switch (BuiltApplications.find(tree, output)) {
      case Result.Applications(var all) ->
          all.stream().map(BuiltApplicationsTest::describe).toList();
      case Result.Refused(String sentence) -> throw new AssertionError(sentence);
    };
  }

  private static String describe(Found found) {
    return found.app().name() + " in " + found.ebin() + " of " + found.source();
  }

  private void source(String file) throws IOException {
    Path path = tree.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "");
  }

  private void compiled(String folder, String name) throws IOException {
    Path ebin = Files.createDirectories(tree.resolve(folder).resolve("ebin"));
    Files.writeString(
        ebin.resolve(name + ".app"), "{application, " + name + ", [{vsn, \"1.0.0\"}]}.\n");
  }

  private void module(String folder, String name) throws IOException {
    Path ebin = Files.createDirectories(tree.resolve(folder).resolve("ebin"));
    Files.writeString(ebin.resolve(name + ".beam"), "");
  }

  private void link(String from, String to) throws IOException {
    Files.createSymbolicLink(tree.resolve(from), Path.of(to));
  }
}
