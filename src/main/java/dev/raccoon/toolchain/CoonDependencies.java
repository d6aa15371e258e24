package dev.raccoon.toolchain;

import dev.raccoon.toolchain.Dependency.Git;
import dev.raccoon.toolchain.Dependency.Hex;
import dev.raccoon.toolchain.Dependency.Revision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The {@code deps} of a package configuration: objects with {@code name}, {@code url} and {@code
 * tag} or {@code branch}; what has no {@code url} is a Hex package. What has another form is left
 * out with a note.
 */
final class CoonDependencies {
  private static final int MAX_DEPENDENCIES = 1000;
  private static final Pattern PRINTABLE = Pattern.compile("[\\P{C}&&[^\\p{Zl}\\p{Zp}]]{1,2000}");

  private CoonDependencies() {}

  static List<Dependency> of(@Nullable JsonNode deps, List<String> notes) {
    if (deps == null || !deps.isArray() || deps.size() > MAX_DEPENDENCIES) {
      notes.add("deps must be a list of at most " + MAX_DEPENDENCIES + " dependencies.");
      return List.of();
    }
    List<Dependency> all = new ArrayList<>();
    for (int i = 0; i < deps.size(); i++) {
      Optional<Dependency> dependency = dependency(deps.get(i));
      dependency.ifPresent(all::add);
      if (dependency.isEmpty()) {
        notes.add("Entry " + (i + 1) + " of deps has a form that is not known.");
      }
    }
    return all;
  }

  private static Optional<Dependency> dependency(JsonNode entry) {
    Optional<String> name = text(entry, "name").filter(AppFile::isName);
    Optional<String> tag = text(entry, "tag");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (!entry.has("url")) {
      return Optional.of(new Hex(name.get(), name.get(), tag));
    }
    Optional<Revision> revision =
        tag.map(text -> new Revision(Revision.Kind.TAG, text))
            .or(() -> text(entry, "branch").map(text -> new Revision(Revision.Kind.BRANCH, text)));
    return text(entry, "url").map(url -> new Git(name.get(), url, revision));
  }

  private static Optional<String> text(JsonNode entry, String key) {
    JsonNode value = entry.get(key);
    return value != null && value.isString()
        ? Optional.of(value.stringValue()).filter(text -> PRINTABLE.matcher(text).matches())
        : Optional.empty();
  }
}
