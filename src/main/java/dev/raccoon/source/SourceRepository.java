package dev.raccoon.source;

import dev.raccoon.value.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request's fetched repository on this node: no build ever sees it, each gets a work tree of its
 * own.
 */
public final class SourceRepository {
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
  public void checkOut(Ref ref, Path tree) throws IOException, InterruptedException {
    Commit commit = commits.get(ref);
    if (commit == null) {
      throw new IllegalArgumentException("not fetched: " + ref);
    }
    String name = commit.kind().fullName(ref.name());
    Files.createDirectories(tree);
    git.local(tree, List.of("init", "--quiet", "--template=", "."));
    git.local(
        tree,
        List.of(
            "-c",
            "protocol.file.allow=always",
            "-c",
            "core.logAllRefUpdates=false",
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
    git.local(
        tree,
        List.of(
            "-c",
            "core.logAllRefUpdates=false",
            "checkout",
            "--quiet",
            "--force",
            "--detach",
            name));
  }
}
