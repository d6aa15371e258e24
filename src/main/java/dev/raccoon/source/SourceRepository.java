package dev.raccoon.source;

import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A request's fetched repository on this node: no build ever sees it, each gets a work tree of its
 * own.
 */
public final class SourceRepository {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** To list what may be had takes a second or two. */
  private static final Duration LIST_LIMIT = Duration.ofSeconds(30);

  private static final long MAX_TEXT_BYTES = 1 << 20;

  /**
   * Overrules what the repository asks for: files are what was measured, and no program turns them
   * into anything else.
   */
  private static final String ATTRIBUTES =
      "* -text !eol !working-tree-encoding -ident !filter !diff !merge\n";

  /** Git's words, and the C library's for ENAMETOOLONG. */
  private static final Pattern BAD_NAME = Pattern.compile("File name too long|error: invalid path");

  private final Git git;
  private final Path folder;
  private final Map<Ref, Commit> commits;
  private final Map<String, Submodules> submodules;
  private final Optional<Ref> newestTag;

  /** With what became of the {@code submodules} of each of the {@code commits}. */
  SourceRepository(
      Git git,
      Path folder,
      Map<Ref, Commit> commits,
      Map<String, Submodules> submodules,
      Optional<Ref> newestTag) {
    this.git = git;
    this.folder = folder;
    this.commits = Map.copyOf(commits);
    this.submodules = Map.copyOf(submodules);
    this.newestTag = newestTag;
  }

  /** A commit's id, and what kind of ref named it. */
  public record Commit(String id, RefKind kind) {}

  /** The commit that {@code ref} names; empty when the remote has no such ref. */
  public Optional<Commit> commit(Ref ref) {
    return Optional.ofNullable(commits.get(ref));
  }

  /** The tag with the highest version, if the repository has a tag. */
  public Optional<Ref> newestTag() {
    return newestTag;
  }

  /** The submodules of {@code ref} that its work tree gets, and theirs. */
  public List<Submodule> submodulesOf(Ref ref) {
    return submodules(ref) instanceof Submodules.Fetched(List<Submodule> all) ? all : List.of();
  }

  /**
   * The addresses that were asked for the submodules of {@code ref}, whether they had them or not.
   */
  public List<CloneUrl> submoduleUrls(Ref ref) {
    return submodules(ref).asked();
  }

  /**
   * Makes a work tree of {@code ref} at {@code tree}: a whole repository that shares nothing with
   * this one, with that one ref in it, so that what a build sees depends on the ref alone: no
   * record of when, by whom and from where it was fetched. So is each of its submodules.
   */
  public CheckOutResult checkOut(Ref ref, Path tree) throws IOException, InterruptedException {
    return switch (submodules(ref)) {
      case Submodules.Refused(var ignored, String sentence) -> new CheckOutResult.Refused(sentence);
      case Submodules.Unavailable(var ignored, String sentence) ->
          new CheckOutResult.Unavailable(sentence);
      case Submodules.Fetched(List<Submodule> all) -> checkOut(ref, all, tree);
    };
  }

  private Submodules submodules(Ref ref) {
    Commit commit = commits.get(ref);
    if (commit == null) {
      throw new IllegalArgumentException("not fetched: " + ref);
    }
    return submodules.getOrDefault(commit.id(), Submodules.NONE);
  }

  private CheckOutResult checkOut(Ref ref, List<Submodule> within, Path tree)
      throws IOException, InterruptedException {
    Commit commit = Objects.requireNonNull(commits.get(ref));
    String name = commit.kind().fullName(ref.name());
    List<String> texts = new ArrayList<>(List.of(name, commit.id()));
    within.forEach(one -> texts.add(one.commit()));
    for (String text : texts) {
      if (Long.parseLong(git.local(folder, List.of("cat-file", "-s", text)).strip())
          > MAX_TEXT_BYTES) {
        return new CheckOutResult.Refused(ref + " has a commit or tag of more than 1 MiB of text.");
      }
    }
    try {
      TreeSize size = new TreeSize();
      measure(commit.id(), size);
      for (Submodule one : within) {
        measure(one.commit(), size);
      }
    } catch (TreeSize.TooLargeException e) {
      return new CheckOutResult.Refused(ref + " has " + e.getMessage());
    }
    CheckOutResult made = checkOut(ref, name, tree);
    for (Submodule one : within) {
      if (made instanceof CheckOutResult.Made) {
        made = checkOut(ref, one, tree);
      }
    }
    return made;
  }

  private CheckOutResult checkOut(Ref ref, Submodule one, Path tree)
      throws IOException, InterruptedException {
    Path folder = tree;
    for (Path name : Path.of(one.path())) {
      folder = folder.resolve(name);
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        return notEmpty(one);
      }
    }
    // Git has made an empty folder of it; whatever else is there came from somewhere else.
    try (Stream<Path> there = Files.list(folder)) {
      if (there.findAny().isPresent()) {
        return notEmpty(one);
      }
    }
    return checkOut(ref, RefKind.COMMIT.fullName(one.commit()), folder);
  }

  private static CheckOutResult notEmpty(Submodule one) {
    return new CheckOutResult.Refused(
        "The submodule "
            + SubmoduleList.shown(one.path())
            + " lies where something else is already.");
  }

  private void measure(String commit, TreeSize size) throws IOException, InterruptedException {
    List<String> list = List.of("ls-tree", "-r", "-t", "-l", "--full-tree", commit);
    switch (git.run(folder, LIST_LIMIT, list, size)) {
      case Git.Result.Exited(int status, String ignored) when status == 0 -> {}
      case Git.Result.TooLong ignored -> throw new TreeSize.TooLargeException();
      case Git.Result.TimedOut ignored -> throw new TreeSize.TooLargeException();
      case Git.Result.Exited result -> throw Git.failure(list, result);
    }
  }

  private CheckOutResult checkOut(Ref ref, String name, Path tree)
      throws IOException, InterruptedException {
    copy(name, tree);
    return checkedOut(ref, name, tree);
  }

  private void copy(String name, Path tree) throws IOException, InterruptedException {
    Files.createDirectories(tree);
    git.local(tree, List.of("init", "--quiet", "--template=", "."));
    Files.writeString(
        Files.createDirectories(tree.resolve(".git/info")).resolve("attributes"), ATTRIBUTES);
    git.local(
        tree,
        List.of(
            "-c",
            "protocol.file.allow=always",
            "-c",
            "core.logAllRefUpdates=false",
            "-c",
            // As single objects, which depend on nothing but what is in them; a pack would be as
            // the code host made it. What was measured is not too much.
            "fetch.unpackLimit=1000000",
            "fetch",
            "--quiet",
            "--depth",
            "1",
            "--no-tags",
            "--no-write-fetch-head",
            // The branch may be the one that a new repository is on.
            "--update-head-ok",
            folder.toString(),
            "+" + name + ":" + name));
  }

  private CheckOutResult checkedOut(Ref ref, String name, Path tree)
      throws IOException, InterruptedException {
    List<String> checkOut =
        List.of(
            "-c",
            "core.logAllRefUpdates=false",
            "checkout",
            "--quiet",
            "--force",
            "--detach",
            name);
    return switch (git.run(tree, LIMIT, checkOut)) {
      case Git.Result.Exited(int status, String ignored) when status == 0 ->
          new CheckOutResult.Made();
      case Git.Result.Exited(int ignored, String output) when BAD_NAME.matcher(output).find() ->
          new CheckOutResult.Refused(
              ref + " has a file whose name is too long, or is none that git writes.");
      case Git.Result.TimedOut(Duration after) ->
          new CheckOutResult.Refused(
              ref + " could not be checked out within " + after.toMinutes() + " minutes.");
      case Git.Result result -> throw Git.failure(checkOut, result);
    };
  }
}
