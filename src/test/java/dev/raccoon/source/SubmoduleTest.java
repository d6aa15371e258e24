package dev.raccoon.source;

import static dev.raccoon.source.SourceFixture.asked;
import static dev.raccoon.source.SourceFixture.fetched;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.GitRepository;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Ref;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmoduleTest {
  private static final CloneUrl OUTER = CloneUrl.parse("https://git.example.org/outer.git");
  private static final String NOBODYS = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path folder;
  private SourceFixture fixture;
  private GitRepository demo;
  private GitRepository outer;
  private Path tree;

  @BeforeEach
  void makeTheOrigins() throws Exception {
    fixture = new SourceFixture(folder);
    demo = fixture.demo();
    outer = GitRepository.create(fixture.origins().resolve("outer.git"));
    outer.commitFile("README", "");
    tree = folder.resolve("tree");
  }

  @Test
  void theVeryCommitThatIsRecordedIsCheckedOutAndGitTakesItForItsOwn() throws Exception {
    String recorded = demo.commitOf("1.0.1");
    String modules = module("a", "deps/demo", "../demo.git");
    String commit = outer.commitSubmodule("deps/demo", recorded, modules);

    SourceRepository repository = fetch();

    assertThat(repository.submodulesOf(new Ref("main")))
        .containsExactly(new Submodule("deps/demo", SourceFixture.DEMO, recorded));
    assertThat(repository.checkOut(new Ref("main"), tree)).isEqualTo(new CheckOutResult.Made());
    assertThat(tree.resolve("deps/demo/src/demo.erl"))
        .hasContent(demo.git("show", "1.0.1:src/demo.erl"));
    assertThat(fixture.lines(tree, "rev-parse", "HEAD")).containsExactly(commit);
    assertThat(fixture.lines(tree, "submodule", "status"))
        .hasSize(1)
        .first()
        .asString()
        .contains(recorded + " deps/demo");
    assertThat(fixture.lines(tree, "status", "--porcelain")).isEmpty();
    // What many a Makefile does; it has nothing left to fetch.
    assertThat(fixture.lines(tree, "submodule", "update", "--init", "--recursive"))
        .noneMatch(line -> line.startsWith("Cloning"));
  }

  @Test
  void submodulesOfSubmodulesAreFetchedFromWhereTheirOwnAddressesLead() throws Exception {
    GitRepository middle = GitRepository.create(fixture.origins().resolve("group/middle.git"));
    String inner = demo.commitOf("1.0.0");
    String middleCommit = middle.commitSubmodule("in", inner, module("x", "in", "../../demo"));
    outer.commitSubmodule("mid", middleCommit, module("x", "mid", "../group/middle.git"));

    SourceRepository repository = fetch();

    assertThat(repository.checkOut(new Ref("main"), tree)).isEqualTo(new CheckOutResult.Made());
    assertThat(repository.submodulesOf(new Ref("main")))
        .extracting(Submodule::path)
        .containsExactly("mid", "mid/in");
    assertThat(tree.resolve("mid/in/rebar.config")).exists();
  }

  @Test
  void anAddressIsShownWithoutItsPassword() throws Exception {
    String url = "https://name:secret@git.example.org/demo.git";
    outer.commitSubmodule("deps/demo", NOBODYS, module("a", "deps/demo", url));

    assertThat(refused())
        .isEqualTo(
            "The submodule deps/demo is at https://…@git.example.org/demo.git: submodules are"
                + " fetched over https alone, without a password, from an address such as"
                + " https://github.com/acme/demo.git.");
    assertThat(tree).doesNotExist();
  }

  // An operator's rewrite leads to trusted places; a stranger's file must not name one itself.
  @Test
  void anAddressIsCheckedBeforeItIsRewritten() throws Exception {
    outer.commitSubmodule("d", NOBODYS, module("a", "d", "file://" + fixture.origins() + "/demo"));

    assertThat(refused()).contains("over https alone");
  }

  @Test
  void aHostThatMayNotBeClonedIsRefused() throws Exception {
    outer.commitSubmodule("d", NOBODYS, module("a", "d", "https://localhost/demo.git"));

    assertThat(refused())
        .isEqualTo("The submodule d: its url must name a public code host, not localhost.");
  }

  @Test
  void aCommitThatTheRemoteDoesNotHaveIsRefused() throws Exception {
    outer.commitSubmodule("d", NOBODYS, module("a", "d", "../demo.git"));

    assertThat(refused())
        .isEqualTo(
            "The submodule d: https://git.example.org/demo.git does not have the commit "
                + NOBODYS
                + " that is asked for.");
  }

  @Test
  void aRepositoryThatIsNotThereIsRefusedAndItsAddressIsTold() throws Exception {
    outer.commitSubmodule("d", NOBODYS, module("a", "d", "../none.git"));

    assertThat(refused()).contains("There is no repository that anyone may read at");
    assertThat(fetch("again").submoduleUrls(new Ref("main")))
        .containsExactly(CloneUrl.parse("https://git.example.org/none.git"));
  }

  @Test
  void aPathThatLeadsElsewhereIsRefused() throws Exception {
    outer.commitSubmodule("d", NOBODYS, module("a", "../out", "../demo.git"));

    assertThat(refused()).isEqualTo("The submodule ../out has no path that a submodule may have.");
  }

  @Test
  void whatIsListedButNotRecordedIsPassedOver() throws Exception {
    outer.commitFile(".gitmodules", module("a", "gone", "file:///etc"));

    assertThat(fetch().checkOut(new Ref("main"), tree)).isEqualTo(new CheckOutResult.Made());
  }

  // CVE-2018-11235: the name was a path below .git/modules; here it is nothing.
  @Test
  void namesAreNoPaths() throws Exception {
    String recorded = demo.commitOf("1.0.0");
    outer.commitSubmodule("d", recorded, module("../../../x", "d", "../demo.git"));

    assertThat(fetch().checkOut(new Ref("main"), tree)).isEqualTo(new CheckOutResult.Made());
    assertThat(tree.resolve(".git/modules")).doesNotExist();
  }

  // CVE-2024-32002: a link on the way to a submodule's folder led into .git.
  @Test
  void aSubmoduleThatATreeHidesBehindALinkIsNotWrittenThroughIt() throws Exception {
    String recorded = demo.commitOf("1.0.0");
    Path link = Files.createDirectories(folder.resolve("links"));
    Files.createSymbolicLink(link.resolve("A"), Path.of(".git"));
    outer.commit(link, "A link");
    outer.commitSubmodule("a/hooks", recorded, module("a", "A/hooks", "../demo.git"));

    assertThat(fetch().checkOut(new Ref("main"), tree)).isEqualTo(new CheckOutResult.Made());
    assertThat(tree.resolve(".git/hooks")).doesNotExist();
  }

  @Test
  void aFileThatGitCannotReadIsRefused() throws Exception {
    outer.commitFile(".gitmodules", "[submodule \"x\n");

    assertThat(refused()).isEqualTo("Its .gitmodules is none that git reads.");
  }

  @Test
  void thereAreAHundredAtMost() throws Exception {
    StringBuilder modules = new StringBuilder();
    for (int i = 0; i <= 100; i++) {
      modules.append(module("m" + i, "m" + i, "../demo.git"));
    }
    outer.commitFile(".gitmodules", modules.toString());

    assertThat(refused()).isEqualTo("It has more than 100 submodules.");
  }

  @Test
  void aRepositoryWithinItselfEndsSomewhere() throws Exception {
    String commit = outer.commitOf("main");
    for (int i = 0; i < 10; i++) {
      commit = outer.commitSubmodule("again", commit, module("a", "again", "../outer.git"));
    }

    assertThat(refused()).isEqualTo(SubmoduleFetch.tooMany());
  }

  @Test
  void onlyTheRefThatHasABadOneFails() throws Exception {
    outer.tag("1.0", "main");
    outer.commitSubmodule("d", NOBODYS, module("a", "d", "file:///etc"));

    SourceRepository repository =
        fetched(fixture.fetcher.fetch(OUTER, asked("1.0", "main"), fixture.bare(), request -> {}));

    assertThat(repository.checkOut(new Ref("1.0"), tree)).isEqualTo(new CheckOutResult.Made());
    assertThat(repository.checkOut(new Ref("main"), folder.resolve("other")))
        .isInstanceOf(CheckOutResult.Refused.class);
  }

  @Test
  void allRefsWithTheSameBadOneFailForIt() throws Exception {
    outer.commitSubmodule("d", NOBODYS, module("a", "d", "../demo.git"));
    outer.tag("1.0", "main");
    outer.commitFile("NEW", "new");

    SourceRepository repository =
        fetched(fixture.fetcher.fetch(OUTER, asked("1.0", "main"), fixture.bare(), request -> {}));

    assertThat(repository.checkOut(new Ref("1.0"), tree))
        .isInstanceOf(CheckOutResult.Refused.class);
    assertThat(repository.checkOut(new Ref("main"), folder.resolve("other")))
        .isInstanceOf(CheckOutResult.Refused.class);
  }

  private String refused() throws Exception {
    CheckOutResult result = fetch("refused").checkOut(new Ref("main"), tree);
    assertThat(result).isInstanceOf(CheckOutResult.Refused.class);
    return ((CheckOutResult.Refused) result).sentence();
  }

  private SourceRepository fetch() throws Exception {
    return fetch("bare");
  }

  private SourceRepository fetch(String name) throws Exception {
    Path bare = folder.resolve(name + System.nanoTime() + ".git");
    return fetched(fixture.fetcher.fetch(OUTER, asked("main"), bare, request -> {}));
  }

  private static String module(String name, String path, String url) {
    return "[submodule \"%s\"]\n\tpath = %s\n\turl = %s\n".formatted(name, path, url);
  }
}
