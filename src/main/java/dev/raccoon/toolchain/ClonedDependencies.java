package dev.raccoon.toolchain;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What erlang.mk has cloned, a repository in {@code deps/NAME} each, and Raccoon's script for coon,
 * in {@code _checkouts/NAME}. Their files are read as they are; git itself would do what a
 * stranger's configuration says.
 */
final class ClonedDependencies {
  private static final List<String> PARENTS = List.of("deps", "_checkouts");
  private static final int MAX_SMALL_BYTES = 64 << 10;
  private static final int MAX_PACKED_BYTES = 4 << 20;

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Pattern BRANCH =
      Pattern.compile("ref: (refs/(?!.*\\.\\.)[0-9A-Za-z_./+@-]{1,200})");
  private static final Pattern URL = Pattern.compile("\\s*url\\s*=\\s*(\\S{1,2000})\\s*");

  private final Path tree;

  private ClonedDependencies(Path tree) {
    this.tree = tree;
  }

  /** Those in {@code tree}, to which nothing writes meanwhile, by folder and name. */
  static List<ResolvedDependency> read(Path tree) throws IOException {
    ClonedDependencies here = new ClonedDependencies(tree);
    List<ResolvedDependency> found = new ArrayList<>();
    for (String parent : PARENTS) {
      Path folder = tree.resolve(parent);
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && Files.isReadable(folder)) {
        for (String name : TreeFolder.first(folder, LockFile.MAX_DEPENDENCIES, entry -> true)) {
          here.dependency(parent, name).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private Optional<ResolvedDependency> dependency(String parent, String name) throws IOException {
    String git = parent + "/" + name + "/.git/";
    Optional<String> commit = head(git);
    Optional<String> url = commit.isPresent() ? url(git) : Optional.empty();
    return url.flatMap(known -> ResolvedDependency.git(name, known, commit.orElseThrow()));
  }

  private Optional<String> head(String git) throws IOException {
    Optional<String> head = text(git + "HEAD", MAX_SMALL_BYTES).map(String::strip);
    if (head.isEmpty()) {
      return Optional.empty();
    }
    Matcher branch = BRANCH.matcher(head.get());
    if (!branch.matches()) {
      return head.filter(id -> COMMIT.matcher(id).matches());
    }
    Optional<String> loose = text(git + branch.group(1), MAX_SMALL_BYTES).map(String::strip);
    return loose.isPresent() ? loose : packed(git, branch.group(1));
  }

  /** {@code packed-refs} has lines of a commit, a blank and a name. */
  private Optional<String> packed(String git, String ref) throws IOException {
    return text(git + "packed-refs", MAX_PACKED_BYTES).stream()
        .flatMap(String::lines)
        .filter(line -> line.endsWith(" " + ref))
        .map(line -> line.substring(0, line.length() - ref.length() - 1))
        .findFirst();
  }

  private Optional<String> url(String git) throws IOException {
    return text(git + "config", MAX_SMALL_BYTES).stream()
        .flatMap(String::lines)
        .dropWhile(line -> !line.strip().equals("[remote \"origin\"]"))
        .skip(1)
        .takeWhile(line -> !line.strip().startsWith("["))
        .map(URL::matcher)
        .filter(Matcher::matches)
        .map(line -> line.group(1))
        .findFirst();
  }

  private Optional<String> text(String file, int maxBytes) throws IOException {
    return TreeFile.read(tree, file, maxBytes) instanceof TreeFile.Content(byte[] bytes)
        ? Optional.of(new String(bytes, UTF_8))
        : Optional.empty();
  }
}
