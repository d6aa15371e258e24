package dev.raccoon.source;

import dev.raccoon.value.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

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
  private final Optional<Ref> newestTag;

  SourceRepository(Git git, Path folder, Map<Ref, Commit> commits, Optional<Ref> newestTag) {
    this.git = git;
    this.folder = folder;
    this.commits = Map.copyOf(commits);
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

  /**
   * Makes a work tree of {@code ref} at {@code tree}: a whole repository that shares nothing with
   * this one, with that one ref in it, so that what a build sees depends on the ref alone: no
   * record of when, by whom and from where it was fetched.
   */
  public CheckOutResult checkOut(Ref ref, Path tree) throws IOException, InterruptedException {
    Commit commit = commits.get(ref);
    if (commit == null) {
      throw new IllegalArgumentException("not fetched: " + ref);
    }
    String name = commit.kind().fullName(ref.name());
    for (String text : List.of(name, commit.id())) {
      if (Long.parseLong(git.local(folder, List.of("cat-file", "-s", text)).strip())
          > MAX_TEXT_BYTES) {
        return new CheckOutResult.Refused(ref + " has a commit or tag of more than 1 MiB of text.");
      }
    }
    try {
      measure(commit);
    } catch (TreeSize.TooLargeException e) {
      return new CheckOutResult.Refused(ref + " has " + e.getMessage());
    }
    copy(name, tree);
    return checkedOut(ref, name, tree);
  }

  private void measure(Commit commit) throws IOException, InterruptedException {
    List<String> list = List.of("ls-tree", "-r", "-t", "-l", "--full-tree", commit.id());
    switch (git.run(folder, LIST_LIMIT, list, new TreeSize())) {
      case Git.Result.Exited(int status, String ignored) when status == 0 -> {}
      case Git.Result.TooLong ignored -> throw new TreeSize.TooLargeException();
      case Git.Result.TimedOut ignored -> throw new TreeSize.TooLargeException();
      case Git.Result.Exited result -> throw Git.failure(list, result);
    }
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
