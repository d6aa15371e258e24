package dev.raccoon.source;

import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Ref;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code git ls-remote} answered: the tags and branches of a repository with their commits.
 * Names that a {@link Ref} cannot hold are left out: nobody can ask for them.
 */
record RemoteRefs(Map<String, String> tags, Map<String, String> branches) {
  private static final Pattern LINE =
      Pattern.compile(
          "(?<id>[0-9a-f]{40}|[0-9a-f]{64})\trefs/(?<kind>tags|heads)/(?<name>.+?)(?<peeled>\\^\\{})?");

  static RemoteRefs parse(String output) {
    Map<String, String> tags = new LinkedHashMap<>();
    Map<String, String> peeled = new LinkedHashMap<>();
    Map<String, String> branches = new LinkedHashMap<>();
    for (String line : output.split("\n", -1)) {
      Matcher form = LINE.matcher(line);
      if (!form.matches()) {
        continue;
      }
      if (form.group("kind").equals("heads")) {
        put(branches, form);
      } else {
        // An annotated tag comes twice: its own object, and with ^{} the commit that it names.
        put(form.group("peeled") == null ? tags : peeled, form);
      }
    }
    tags.putAll(peeled);
    return new RemoteRefs(tags, branches);
  }

  private static void put(Map<String, String> refs, Matcher form) {
    try {
      refs.put(new Ref(form.group("name")).name(), form.group("id"));
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
