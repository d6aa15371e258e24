package dev.raccoon.source;

import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.InvalidValueException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a commit's {@code .gitmodules}, a stranger's file. Of it, only paths and addresses count;
 * its names become no path and its other keys nothing at all, which is what git was attacked by
 * (CVE-2018-11235, CVE-2018-17456).
 */
final class SubmoduleList {
  /** Of one repository, and of one work tree in all. */
  static final int MAX_SUBMODULES = 100;

  private static final int MAX_PATH_LENGTH = 500;
  private static final int MAX_SHOWN = 200;

  /**
   * What {@code git config --get-regexp} prints; a value with a line's end makes more such lines.
   */
  private static final Pattern ENTRY =
      Pattern.compile("submodule\\.(?<name>.*)\\.(?<key>path|url) (?<value>.*)");

  private static final Pattern PATH =
      Pattern.compile("(?:(?!-|\\.{1,2}(?:/|$)|\\.git(?:/|$))[^/\\p{Cc}\"\\\\]+(?:/(?!$)|$))+");
  private static final Pattern GITLINK =
      Pattern.compile("160000 commit (?<commit>[0-9a-f]{40}|[0-9a-f]{64})\t(?<path>.*)");
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  private final Git git;
  private final Deadline deadline;

  SubmoduleList(Git git, Deadline deadline) {
    this.git = git;
    this.deadline = deadline;
  }

  /** A commit's own submodules, by their paths in its tree. */
  sealed interface Result {
    record Listed(List<Submodule> all) implements Result {}

    /** What is wrong with them, in a sentence. */
    record Refused(String sentence) implements Result {}
  }

  private record Entry(@Nullable String path, @Nullable String url) {}

  /**
   * Those of {@code commit} in the bare repository at {@code folder}, which came from {@code from}.
   */
  Result read(Path folder, CloneUrl from, String commit) throws IOException, InterruptedException {
    List<String> config =
        List.of("config", "--blob", commit + ":.gitmodules", "--get-regexp", "^submodule\\.");
    Git.Result read = git.run(folder, deadline.left(), config, line -> false);
    if (!(read instanceof Git.Result.Exited(int status, String output))
        || (status != 0 && !hasNone(output))) {
      return new Result.Refused("Its .gitmodules is none that git reads.");
    }
    List<Entry> entries = status == 0 ? entries(output) : List.of();
    if (entries.size() > MAX_SUBMODULES) {
      return tooMany();
    }
    return entries.isEmpty() ? new Result.Listed(List.of()) : of(entries, folder, from, commit);
  }

  /** Whether git has complained of nothing but that there is no such file. */
  private static boolean hasNone(String output) {
    return output.isEmpty() || output.startsWith("error: unable to resolve config blob");
  }

  static Result.Refused tooMany() {
    return new Result.Refused("It has more than " + MAX_SUBMODULES + " submodules.");
  }

  private static List<Entry> entries(String output) {
    Map<String, Entry> byName = new TreeMap<>();
    for (String line : output.split("\n", -1)) {
      Matcher form = ENTRY.matcher(line);
      if (form.matches()) {
        Entry known = byName.getOrDefault(form.group("name"), new Entry(null, null));
        String value = form.group("value");
        byName.put(
            form.group("name"),
            form.group("key").equals("path")
                ? new Entry(value, known.url())
                : new Entry(known.path(), value));
      }
    }
    return byName.values().stream().filter(entry -> entry.path() != null).toList();
  }

  private Result of(List<Entry> entries, Path folder, CloneUrl from, String commit)
      throws IOException, InterruptedException {
    for (Entry entry : entries) {
      String path = Objects.requireNonNull(entry.path());
      if (path.length() > MAX_PATH_LENGTH || !isPath(path)) {
        return new Result.Refused(
            "The submodule " + shown(path) + " has no path that a submodule may have.");
      }
    }
    Optional<Map<String, String>> commits = gitlinks(entries, folder, commit);
    if (commits.isEmpty()) {
      return new Result.Refused("Its submodules cannot be listed.");
    }
    List<Submodule> all = new ArrayList<>();
    for (Entry entry : entries) {
      String recorded = commits.get().get(Objects.requireNonNull(entry.path()));
      // An entry may be older or newer than the tree; git passes over it as well.
      if (recorded != null) {
        try {
          CloneUrl url = address(entry.url() == null ? "" : entry.url(), from);
          all.add(new Submodule(entry.path(), url, recorded));
        } catch (InvalidValueException e) {
          return new Result.Refused(noAddress(entry));
        }
      }
    }
    return new Result.Listed(all);
  }

  /**
   * The commits that the tree records, by path; empty when git cannot list it within its limits.
   */
  private Optional<Map<String, String>> gitlinks(List<Entry> entries, Path folder, String commit)
      throws IOException, InterruptedException {
    List<String> list =
        new ArrayList<>(
            List.of("-c", "core.quotePath=false", "ls-tree", "--full-tree", commit, "--"));
    entries.forEach(entry -> list.add(Objects.requireNonNull(entry.path())));
    Git.Result listed = git.run(folder, deadline.left(), list, line -> false);
    if (!(listed instanceof Git.Result.Exited(int status, String output) && status == 0)) {
      return Optional.empty();
    }
    Map<String, String> commits = new TreeMap<>();
    for (String line : output.split("\n", -1)) {
      Matcher form = GITLINK.matcher(line);
      if (form.matches()) {
        commits.put(form.group("path"), form.group("commit"));
      }
    }
    return Optional.of(commits);
  }

  static boolean isPath(String path) {
    return PATH.matcher(path.toLowerCase(Locale.ROOT)).matches();
  }

  /**
   * A submodule's address: as it is written, or relative to that of the repository around it, as
   * git-submodule(1) has it. Before any rewrite of the operator's, since those may lead anywhere.
   */
  static CloneUrl address(String written, CloneUrl from) {
    if (!written.startsWith("./") && !written.startsWith("../")) {
      return CloneUrl.parse(written);
    }
    String base = from.toString();
    String rest = written;
    int beforePath = base.length() - from.path().length();
    while (rest.startsWith("./") || rest.startsWith("../")) {
      if (rest.startsWith("../")) {
        int slash = base.lastIndexOf('/');
        if (slash < beforePath) {
          throw new InvalidValueException("It leads out of its host.");
        }
        base = base.substring(0, slash);
      }
      rest = rest.substring(rest.indexOf('/') + 1);
    }
    return CloneUrl.parse(base + "/" + rest);
  }

  private static String noAddress(Entry entry) {
    return "The submodule "
        + shown(Objects.requireNonNull(entry.path()))
        + " is at "
        + (entry.url() == null || entry.url().isEmpty() ? "no address" : shown(entry.url()))
        + ": submodules are fetched over https alone, without a password, from an address such as"
        + " https://github.com/acme/demo.git.";
  }

  /** The beginning, in one printable line, and without a password that may stand in it. */
  static String shown(String text) {
    String plain = UNPRINTABLE.matcher(text).replaceAll(" ").replaceAll("//[^/@]*+@", "//…@");
    int cut =
        plain.offsetByCodePoints(0, Math.min(MAX_SHOWN, plain.codePointCount(0, plain.length())));
    return plain.length() > cut ? plain.substring(0, cut) + "…" : plain;
  }
}
