package dev.raccoon.source;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import dev.raccoon.value.Ref;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a remote answers to {@code git ls-remote}. */
public final class RemoteRefsFuzz implements FuzzTarget {
  private static final String ID = "da39a3ee5e6b4b0d3255bfef95601890afd80709\t";

  @Override
  public List<String> seeds() {
    return List.of(
        ID + "refs/heads/main\n" + ID + "refs/tags/1.0.0\n" + ID + "refs/tags/1.0.0^{}\n",
        ID + "refs/tags/v2.0.0-rc1\n" + ID + "refs/tags/r-17.06-beta\n" + ID + "refs/heads/a/b\n",
        ID + "refs/tags/../x\n" + ID + "refs/tags/-x\nfatal: x\n" + ID + "refs/tags/a b\n");
  }

  @Override
  public void check(byte[] input) {
    String output = Property.text(input);
    RemoteRefs refs = RemoteRefs.parse(output);
    checkCommits(refs.tags());
    checkCommits(refs.branches());
    Optional<Ref> newest = refs.newestTag();
    Property.holds(newest.isPresent() == !refs.tags().isEmpty(), "no tag is the newest");
    if (newest.isPresent()) {
      Property.same(refs.kind(newest.get()), Optional.of(RefKind.TAG));
      String commit = refs.commit(newest.get()).orElse("");
      Property.holds(refs.tags().containsValue(commit), "the commit of nothing");
    }
    Property.same(newestOfThoseKept(output), newest);
  }

  private static void checkCommits(Map<String, String> commits) {
    commits.forEach((name, id) -> {
      Property.same(new Ref(name).name(), name);
      Property.holds(id.matches("[0-9a-f]{40}|[0-9a-f]{64}"), "no commit");
    });
  }

  /** By a reader that keeps nothing but the newest. */
  private static Optional<Ref> newestOfThoseKept(String output) {
    RemoteRefs.Reader reader = new RemoteRefs.Reader(_ -> false);
    for (String line : output.split("\n", -1)) {
      reader.take(line);
    }
    Property.holds(reader.refs().tags().size() <= 1, "more than the newest was kept");
    return reader.refs().newestTag();
  }
}
