package dev.raccoon.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.HostileText;
import dev.raccoon.value.Ref;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RemoteRefsTest {
  private static final String A = "a".repeat(40);
  private static final String B = "b".repeat(40);
  private static final String C = "c".repeat(64);

  @Test
  void tagsAndBranchesAreReadAndAnythingElseIsNot() {
    RemoteRefs refs =
        parse(
            A + "\tHEAD",
            A + "\trefs/heads/main",
            B + "\trefs/pull/1/head",
            B + "\trefs/tags/1.0",
            C + "\trefs/heads/release/2.0",
            "warning: something",
            "",
            "\t",
            A + " refs/tags/2.0",
            "x".repeat(40) + "\trefs/tags/3.0",
            A.substring(1) + "\trefs/tags/4.0",
            "remote: " + A + "\trefs/tags/5.0");

    assertThat(refs)
        .isEqualTo(new RemoteRefs(Map.of("1.0", B), Map.of("main", A, "release/2.0", C)));
  }

  @Test
  void anAnnotatedTagNamesItsCommitWhicheverLineIsFirst() {
    String own = A + "\trefs/tags/1.0";
    String commit = B + "\trefs/tags/1.0^{}";

    assertThat(parse(own, commit).tags()).isEqualTo(Map.of("1.0", B));
    assertThat(parse(commit, own).tags()).isEqualTo(Map.of("1.0", B));
  }

  @Test
  void namesThatNobodyCanAskForAreLeftOut() {
    RemoteRefs refs =
        parse(
            A + "\trefs/tags/--upload-pack=x",
            A + "\trefs/tags/../../x",
            A + "\trefs/tags/a^{}b",
            A + "\trefs/tags/1.0 ",
            A + "\trefs/tags/" + "1".repeat(201),
            A + "\trefs/tags/é",
            A + "\trefs/tags/1.0\r",
            A + "\trefs/tags/");

    assertThat(refs).isEqualTo(new RemoteRefs(Map.of(), Map.of()));
    assertThat(refs.newestTag()).isEmpty();
  }

  @Test
  void aTagComesBeforeABranchAndACommitIsTakenAtItsWord() {
    RemoteRefs refs = parse(A + "\trefs/tags/1.0", B + "\trefs/heads/1.0", B + "\trefs/heads/main");

    assertThat(refs.kind(new Ref("1.0"))).contains(RefKind.TAG);
    assertThat(refs.commit(new Ref("1.0"))).contains(A);
    assertThat(refs.kind(new Ref("main"))).contains(RefKind.BRANCH);
    assertThat(refs.commit(new Ref("main"))).contains(B);
    assertThat(refs.kind(new Ref(C))).contains(RefKind.COMMIT);
    assertThat(refs.commit(new Ref(C))).contains(C);
    assertThat(refs.kind(new Ref("2.0"))).isEmpty();
    assertThat(refs.commit(new Ref("2.0"))).isEmpty();
  }

  @Test
  void theNewestTagIsAReleaseWhereThereIsOne() {
    assertThat(parse(A + "\trefs/tags/1.0", A + "\trefs/tags/2.0-rc1").newestTag())
        .contains(new Ref("1.0"));
    assertThat(parse(A + "\trefs/tags/2.0-rc1", A + "\trefs/tags/2.0-rc2").newestTag())
        .contains(new Ref("2.0-rc2"));
  }

  @Test
  void ofManyRefsOnlyTheAskedOnesAndTheNewestTagAreKept() {
    RemoteRefs.Reader reader = new RemoteRefs.Reader(Set.of("1.0.7", "main")::contains);
    for (int i = 0; i < 300_000; i++) {
      assertThat(reader.take(A + "\trefs/tags/1.0." + i)).isTrue();
      assertThat(reader.take(B + "\trefs/tags/1.0." + i + "^{}")).isTrue();
      assertThat(reader.take(A + "\trefs/heads/" + i)).isTrue();
    }
    reader.take(B + "\trefs/heads/main");

    RemoteRefs refs = reader.refs();

    assertThat(refs)
        .isEqualTo(new RemoteRefs(Map.of("1.0.7", B, "1.0.299999", B), Map.of("main", B)));
    assertThat(refs.newestTag()).contains(new Ref("1.0.299999"));
  }

  @Test
  void nothingThatARemoteSaysDoesHarm() {
    HostileText.eachSpoilt(
        12,
        5_000,
        List.of(A + "\trefs/tags/1.0\n" + B + "\trefs/tags/1.0^{}\n"),
        output -> {
          RemoteRefs refs = RemoteRefs.parse(output);
          refs.tags().keySet().forEach(Ref::new);
          assertThat(refs.tags().values()).allMatch(id -> id.matches("[0-9a-f]{40}|[0-9a-f]{64}"));
        });
  }

  private static RemoteRefs parse(String... lines) {
    return RemoteRefs.parse(String.join("\n", lines) + "\n");
  }
}
