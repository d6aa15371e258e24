package dev.raccoon.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A real bare git repository whose commits, tags and branches a test makes and moves. Wherever a
 * method takes a {@code revision}, it is a tag, a branch or a commit. Not thread safe.
 */
public final class GitRepository {
  private final Path path;
  private final Path beside;
  private final Git git;

  private GitRepository(Path path, Path beside, Git git) {
    this.path = path;
    this.beside = beside;
    this.git = git;
  }

  /** A new one at {@code path}, with nothing on its branch {@code main}. */
  public static GitRepository create(Path path) throws IOException {
    Files.createDirectories(path);
    // What it needs lies beside it, so that whoever cleans up one folder cleans up all.
    Path beside = path.resolveSibling("." + path.getFileName() + ".work");
    Git git = new Git(path, Files.createDirectories(beside.resolve("home")));
    git.run("init", "--quiet", "--bare", "--template=", "--initial-branch=main");
    return new GitRepository(path, beside, git);
  }

  /** The bare repository's folder. */
  public Path path() {
    return path;
  }

  /** Its clone URL, such as {@code file:///tmp/x/demo.git}. */
  public String url() {
    return "file://" + path.toAbsolutePath();
  }

  /**
   * Lays the files of {@code folder} over those of {@code main}'s last commit and commits all of
   * them there; links stay links. Returns the commit's id.
   */
  public String commit(Path folder, String message) {
    git.commit(folder, message);
    return commitOf("main");
  }

  /** Changes or adds one file on {@code main}. Returns the new commit's id. */
  public String commitFile(String name, String content) throws IOException {
    Path tree = Files.createTempDirectory(beside, "tree");
    Path file = tree.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, content);
    git.commit(tree, "Change " + name);
    return commitOf("main");
  }

  /**
   * Records {@code commit} of another repository at {@code path}, and writes {@code modules} as the
   * {@code .gitmodules}, whatever it says. Returns the new commit's id.
   */
  public String commitSubmodule(String path, String commit, String modules) throws IOException {
    git.run("update-index", "--add", "--cacheinfo", "160000," + commit + "," + path);
    return commitFile(".gitmodules", modules);
  }

  /** Adds a lightweight tag. */
  public void tag(String name, String revision) {
    git.run("tag", name, commitOf(revision));
  }

  /** Adds an annotated tag, which is an object of its own. */
  public void annotatedTag(String name, String revision) {
    git.run("tag", "--annotate", "-m", "Release " + name, name, commitOf(revision));
  }

  /** Points a tag that is there, of either kind, at another commit, as a lightweight one. */
  public void moveTag(String name, String revision) {
    String commit = commitOf(revision);
    git.run("rev-parse", "--verify", "--quiet", "refs/tags/" + name);
    git.run("update-ref", "refs/tags/" + name, commit);
  }

  /** Takes a tag away. */
  public void deleteTag(String name) {
    git.run("tag", "--delete", name);
  }

  /** Adds a branch, or points it at another commit. */
  public void branch(String name, String revision) {
    git.run("branch", "--force", name, commitOf(revision));
  }

  /** The 40 hexadecimal digits of the commit that {@code revision} leads to. */
  public String commitOf(String revision) {
    return git.run("rev-parse", "--verify", revision + "^{commit}");
  }

  /** The names of its tags, sorted. */
  public List<String> tags() {
    return git.run("tag", "--list").lines().toList();
  }

  /** What git itself prints for these arguments, for what has no method here. */
  public String git(String... arguments) {
    return git.run(arguments);
  }
}
