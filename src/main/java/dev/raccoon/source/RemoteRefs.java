package dev.raccoon.source;

import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Ref;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code git ls-remote} answered: the tags and branches of a repository with their commits.
 * Names that a {@link Ref} cannot hold are left out: nobody can ask for them.
 */
record RemoteRefs(Map<String, String> tags, Map<String, String> branches) {
  private static final Pattern LINE =
      Pattern.compile(
          "(?<id>[0-9a-f]{40}|[0-9a-f]{64})\trefs/(?<kind>tags|heads)/(?<name>.+?)(?<peeled>\\^\\{})?");

  static RemoteRefs parse(String output) {
    Reader reader = new Reader(name -> true);
    for (String line : output.split("\n", -1)) {
      reader.take(line);
    }
    return reader.refs();
  }

  /**
   * Reads a remote's answer line by line. It keeps the refs that are wanted and the newest tag so
   * far, however many there are.
   */
  static final class Reader {
    private final Predicate<String> wanted;
    private final Map<String, String> tags = new HashMap<>();
    private final Map<String, String> peeled = new HashMap<>();
    private final Map<String, String> branches = new HashMap<>();
    private @Nullable String newest;

    /** Keeps those tags and branches whose names are {@code wanted}, and the newest tag. */
    Reader(Predicate<String> wanted) {
      this.wanted = wanted;
    }

    /** Whether {@code line} is about a tag or a branch. */
    boolean take(String line) {
      Matcher form = LINE.matcher(line);
      if (!form.matches()) {
        return false;
      }
      String name = form.group("name");
      if (!isRef(name)) {
        return true;
      }
      if (form.group("kind").equals("tags")) {
        // An annotated tag comes twice: its own object, and with ^{} the commit that it names.
        takeTag(form.group("peeled") == null ? tags : peeled, name, form.group("id"));
      } else if (wanted.test(name)) {
        branches.put(name, form.group("id"));
      }
      return true;
    }

    private void takeTag(Map<String, String> kind, String name, String id) {
      if (newest == null || TagOrder.NEWEST_LAST.compare(name, newest) > 0) {
        forgetNewest();
        newest = name;
      }
      if (name.equals(newest) || wanted.test(name)) {
        kind.put(name, id);
      }
    }

    private void forgetNewest() {
      if (newest != null && !wanted.test(newest)) {
        tags.remove(newest);
        peeled.remove(newest);
      }
    }

    /** What was kept of the lines so far. */
    RemoteRefs refs() {
      Map<String, String> commits = new HashMap<>(tags);
      commits.putAll(peeled);
      return new RemoteRefs(commits, Map.copyOf(branches));
    }

    private static boolean isRef(String name) {
      try {
        return new Ref(name).name().equals(name);
      } catch (InvalidValueException e) {
        return false;
      }
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
