package dev.raccoon.source;

import static dev.raccoon.source.SourceFixture.DEMO;
import static dev.raccoon.source.SourceFixture.asked;
import static dev.raccoon.source.SourceFixture.fetched;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.source.SourceRepository.Commit;
import dev.raccoon.testing.GitRepository;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchTest {
  private static final String NOBODYS = "0123456789abcdef0123456789abcdef01234567";

  @TempDir private Path folder;
  private SourceFixture fixture;
  private GitRepository demo;

  @BeforeEach
  void makeTheOrigin() throws Exception {
    fixture = new SourceFixture(folder);
    demo = fixture.demo();
  }

  @Test
  void aFetchBringsTheAskedTagsWithTheirReferencesAndNothingElse() throws Exception {
    SourceRepository repository = fixture.fetch("1.0.0", "1.1.0");

    assertThat(repository.commit(new Ref("1.0.0"))).contains(commit("1.0.0", RefKind.TAG));
    assertThat(repository.commit(new Ref("1.1.0"))).contains(commit("1.1.0", RefKind.TAG));
    assertThat(fixture.lines(fixture.bare(), "for-each-ref", "--format=%(refname) %(objectname)"))
        .containsExactly(
            "refs/tags/1.0.0 " + demo.git("rev-parse", "refs/tags/1.0.0"),
            "refs/tags/1.1.0 " + demo.git("rev-parse", "refs/tags/1.1.0"));
    // Two commits, the tag object of one, and what they hold.
    assertThat(fixture.lines(fixture.bare(), "rev-list", "--all"))
        .containsExactlyInAnyOrder(demo.commitOf("1.0.0"), demo.commitOf("1.1.0"));
    assertThat(objects())
        .isEqualTo(
            demo.git("rev-list", "--objects", "--no-walk", "1.0.0", "1.1.0").lines().count());
    assertThat(fixture.bare().resolve("FETCH_HEAD")).doesNotExist();
  }

  @Test
  void whatAHostPacksStaysPacked() throws Exception {
    fixture.fetch("1.0.0");

    assertThat(fixture.lines(fixture.bare(), "count-objects", "-v"))
        .contains("count: 0", "packs: 1");
  }

  @Test
  void anAnnotatedTagGivesTheCommitThatItNames() throws Exception {
    assertThat(demo.git("cat-file", "-t", "refs/tags/1.1.0")).isEqualTo("tag");

    assertThat(fixture.fetch("1.1.0").commit(new Ref("1.1.0")).orElseThrow().id())
        .isEqualTo(demo.commitOf("1.1.0"))
        .isNotEqualTo(demo.git("rev-parse", "refs/tags/1.1.0"));
  }

  @Test
  void anAnnotatedTagOfAnAnnotatedTagGivesTheCommitBelowBoth() throws Exception {
    demo.annotatedTag("inner", "main");
    demo.annotatedTag("outer", "refs/tags/inner");

    assertThat(fixture.fetch("outer").commit(new Ref("outer")).orElseThrow().id())
        .isEqualTo(demo.commitOf("main"));
  }

  @Test
  void anEmptyRefIsTheNewestReleaseAmongTheTags() throws Exception {
    SourceRepository repository = fixture.fetch("");

    assertThat(repository.newestTag()).contains(new Ref("1.1.0"));
    assertThat(repository.commit(new Ref("1.1.0"))).contains(commit("1.1.0", RefKind.TAG));
  }

  @Test
  void aBranchAndAWholeCommitIdAreRefsAsWell() throws Exception {
    String id = demo.commitOf("1.0.1");
    SourceRepository repository = fixture.fetch("main", id);

    assertThat(repository.commit(new Ref("main"))).contains(commit("main", RefKind.BRANCH));
    assertThat(repository.commit(new Ref(id))).contains(new Commit(id, RefKind.COMMIT));
  }

  @Test
  void whatTheRemoteDoesNotHaveStopsNothingElse() throws Exception {
    String id = demo.commitOf("1.0.1");
    SourceRepository repository = fixture.fetch("9.9.9", "1.0.0", NOBODYS, "f".repeat(40), id);

    assertThat(repository.commit(new Ref("1.0.0"))).contains(commit("1.0.0", RefKind.TAG));
    assertThat(repository.commit(new Ref(id))).contains(new Commit(id, RefKind.COMMIT));
    assertThat(repository.commit(new Ref("9.9.9"))).isEmpty();
    assertThat(repository.commit(new Ref(NOBODYS))).isEmpty();
    assertThat(repository.commit(new Ref("f".repeat(40)))).isEmpty();
  }

  @Test
  void aTagThatNamesNoCommitIsNone() throws Exception {
    demo.git("tag", "a-blob", demo.git("rev-parse", "1.0.0:rebar.config"));
    demo.git("tag", "a-tree", demo.git("rev-parse", "1.0.0^{tree}"));

    SourceRepository repository = fixture.fetch("a-blob", "a-tree", "1.0.0");

    assertThat(repository.commit(new Ref("a-blob"))).isEmpty();
    assertThat(repository.commit(new Ref("a-tree"))).isEmpty();
    assertThat(repository.commit(new Ref("1.0.0"))).isPresent();
  }

  @Test
  void aTagThatMovedLeadsToItsCommitOfNow() throws Exception {
    String before = fixture.fetch("1.0.1").commit(new Ref("1.0.1")).orElseThrow().id();
    demo.moveTag("1.0.1", "main");

    SourceRepository again =
        fetched(
            fixture.fetcher.fetch(
                DEMO, asked("1.0.1"), folder.resolve("again.git"), request -> {}));

    assertThat(again.commit(new Ref("1.0.1"))).contains(commit("main", RefKind.TAG));
    assertThat(before).isNotEqualTo(demo.commitOf("main"));
  }

  @Test
  void aTagIsTakenWhereABranchHasTheSameName() throws Exception {
    demo.git("update-ref", "refs/heads/1.0.0", demo.commitOf("main"));

    assertThat(fixture.fetch("1.0.0").commit(new Ref("1.0.0")))
        .contains(commit("1.0.0", RefKind.TAG));
  }

  @Test
  void anEmptyRepositoryHasNothing() throws Exception {
    GitRepository.create(fixture.origins().resolve("empty.git"));
    CloneUrl url = CloneUrl.parse("https://git.example.org/empty.git");

    SourceRepository repository =
        fetched(fixture.fetcher.fetch(url, asked("", "1.0"), fixture.bare(), request -> {}));

    assertThat(repository.newestTag()).isEmpty();
    assertThat(repository.commit(new Ref("1.0"))).isEmpty();
  }

  @Test
  void aRepositoryThatIsNotThereIsRefusedWithoutSayingWhereItWasLookedFor() throws Exception {
    CloneUrl url = CloneUrl.parse("https://git.example.org/none.git");

    assertThat(fixture.fetcher.fetch(url, asked(""), fixture.bare(), request -> {}))
        .isEqualTo(
            new FetchResult.Refused(
                "There is no repository that anyone may read at https://git.example.org/none.git."));
    assertThat(fixture.bare()).doesNotExist();
  }

  @Test
  void aMirrorMayBeGivenAsAFileUrl() throws Exception {
    SourceFetcher fetcher =
        fixture.fetcher("file://" + fixture.origins() + "/", Duration.ofMinutes(2));

    assertThat(
            fetched(fetcher.fetch(DEMO, asked("1.0.0"), fixture.bare(), request -> {}))
                .commit(new Ref("1.0.0")))
        .contains(commit("1.0.0", RefKind.TAG));
  }

  @Test
  void theCommitOfNowIsToldWithoutAFetch() throws Exception {
    Duration limit = Duration.ofMinutes(2);

    Map<Ref, String> expected = new HashMap<>();
    for (String ref : new String[] {"1.0.0", "1.1.0", "main", demo.commitOf("main")}) {
      expected.put(new Ref(ref), demo.commitOf(ref));
    }
    Set<Ref> refs = new HashSet<>(expected.keySet());
    refs.add(new Ref("9.9.9"));

    assertThat(fixture.fetcher.currentCommits(DEMO, refs, limit)).isEqualTo(expected);
    for (String elsewhere : List.of("https://git.example.org/none", "https://localhost/demo")) {
      assertThat(fixture.fetcher.currentCommits(CloneUrl.parse(elsewhere), refs, limit)).isEmpty();
    }
  }

  // Twice as much as was once held in memory at a time.
  @Test
  void aTagIsFoundAmongVeryMany() throws Exception {
    packTags(140_000);

    assertThat(fixture.fetch("1.0.0").commit(new Ref("1.0.0")))
        .contains(commit("1.0.0", RefKind.TAG));
  }

  @Test
  void anAnswerWithoutEndIsNotReadToItsEnd() throws Exception {
    packTags(280_000);

    assertThat(fixture.fetcher.fetch(DEMO, asked("1.0.0"), fixture.bare(), request -> {}))
        .isEqualTo(
            new FetchResult.Refused(DEMO + " has more than 64 MiB of tags' and branches' names."));
  }

  private void packTags(int count) throws IOException {
    String commit = demo.commitOf("1.0.0");
    StringBuilder many = new StringBuilder("# pack-refs with: peeled fully-peeled sorted \n");
    for (int i = 0; i < count; i++) {
      many.append("%s refs/tags/%06d-%s\n".formatted(commit, i, "x".repeat(190)));
    }
    Files.writeString(demo.path().resolve("packed-refs"), many);
  }

  private Commit commit(String revision, RefKind kind) {
    return new Commit(demo.commitOf(revision), kind);
  }

  private int objects() throws Exception {
    return fixture.lines(fixture.bare(), "cat-file", "--batch-all-objects", "--batch-check").size();
  }
}
