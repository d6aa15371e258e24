package dev.raccoon.source;

import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Ref;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code git ls-remote} answered: the tags and branches of a repository with their commits.
 * Names that a {@link Ref} cannot hold are left out: nobody can ask for them.
 */
record RemoteRefs(Map<String, String> tags, Map<String, String> branches) {
  private static final String TAG = "refs/tags/";
  private static final String BRANCH = "refs/heads/";
  private static final String PEELED = "^{}";

  static RemoteRefs parse(String output) {
    Map<String, String> tags = new LinkedHashMap<>();
    Map<String, String> branches = new LinkedHashMap<>();
    for (String line : output.lines().toList()) {
      int tab = line.indexOf('\t');
      if (tab != 40 && tab != 64) {
        continue;
      }
      String id = line.substring(0, tab);
      String name = line.substring(tab + 1);
      if (name.startsWith(TAG)) {
        // An annotated tag comes twice: its own object first, then the commit that it names, with
        // ^{}.
        put(tags, name.substring(TAG.length()).replace(PEELED, ""), id);
      } else if (name.startsWith(BRANCH)) {
        put(branches, name.substring(BRANCH.length()), id);
      }
    }
    return new RemoteRefs(tags, branches);
  }

  private static void put(Map<String, String> refs, String name, String id) {
    try {
      refs.put(new Ref(name).name(), id);
    } catch (InvalidValueException e) {
      // Left out, as the class says.
    }
  }

  /**
   * What {@code ref} names here: a tag first, then a branch; a commit's id is taken at its word.
   */
  Optional<RefKind> kind(Ref ref) {
    if (tags.containsKey(ref.name())) {
      return Optional.of(RefKind.TAG);
    }
    if (branches.containsKey(ref.name())) {
      return Optional.of(RefKind.BRANCH);
    }
    return ref.isCommit() ? Optional.of(RefKind.COMMIT) : Optional.empty();
  }

  /** The commit that {@code ref} names, as far as the remote has told. */
  Optional<String> commit(Ref ref) {
    return kind(ref)
        .map(kind ->
            switch (kind) {
              case TAG -> tags.getOrDefault(ref.name(), "");
              case BRANCH -> branches.getOrDefault(ref.name(), "");
              case COMMIT -> ref.name();
            });
  }

  /** The tag with the highest version; a pre-release only when there is nothing else. */
  Optional<Ref> newestTag() {
    return tags.keySet().stream().max(TagOrder.NEWEST_LAST).map(Ref::new);
  }
}
