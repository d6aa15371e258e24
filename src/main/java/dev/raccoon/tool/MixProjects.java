package dev.raccoon.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.toolchain.TreeFile;
import dev.raccoon.toolchain.TreeFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The projects of a tree of mix's: the one at the root, those of an umbrella, and those that others
 * of the tree depend on by their path. A {@code mix.exs} is a program; what can be told of it
 * without running it is guessed.
 *
 * @param folders where each application's sources lie, relative to the tree; empty for the root,
 *     where the one that is not listed lies as well
 * @param mayFetch whether one may have something to fetch
 */
public record MixProjects(Map<String, Path> folders, boolean mayFetch) {
  static final String FILE = "mix.exs";
  private static final String LOCK = "mix.lock";
  private static final int MAX_BYTES = 256 << 10;
  private static final int MAX_FOLDERS = 1000;

  /** Below the root: {@code apps/one} is at 2. */
  private static final int MAX_DEPTH = 2;

  private static final Set<String> NOT_OWN = Set.of("deps", "_build", "node_modules");

  /** It may stand in a string, where cutting does no harm to what is looked for. */
  private static final Pattern COMMENT = Pattern.compile("(?m)#(?!\\{).*$");

  private static final Pattern NAME =
      Pattern.compile("\\bapp:\\s{0,20}:([a-z][A-Za-z0-9_@]{0,254})");

  /** As {@code mix new} writes it, and what says that there are none. */
  private static final Pattern NO_DEPENDENCIES =
      Pattern.compile(
          "\\bdeps_path: {0,9}\"[^\"\\n]{0,200}\""
              + "|\\bdeps:\\s{0,20}(?:deps\\b(?:\\(\\))?|\\[\\s*+\\])"
              + "|\\bdefp? deps\\b(?:\\(\\))?(?:,\\s{0,20}do:\\s{0,20}\\[\\s*+\\]"
              + "|\\s{0,20}do\\s{0,20}\\[\\s*+\\]\\s*+end)");

  /** What is left then where there may be some. */
  private static final Pattern MAYBE_DEPENDENCIES =
      Pattern.compile("deps|Code\\.|import |use (?!Mix\\.Project\\b)");

  public MixProjects {
    folders = Map.copyOf(folders);
  }

  /** Those of a work tree to which nothing writes meanwhile. */
  public static MixProjects in(Path tree) throws IOException {
    return new Search(tree).all();
  }

  /** For one use. */
  private static final class Search {
    private final Path tree;
    private final Map<String, Path> folders = new LinkedHashMap<>();
    private boolean mayFetch;
    private int looked;

    Search(Path tree) {
      this.tree = tree;
    }

    MixProjects all() throws IOException {
      look("", 0);
      return new MixProjects(folders, mayFetch);
    }

    private void look(String folder, int depth) throws IOException {
      looked++;
      Set<String> names = TreeFolder.names(tree, folder);
      if (names.contains(FILE)) {
        project(folder);
        mayFetch |= names.contains(LOCK);
      } else if (names.contains("rebar.config")) {
        add(Path.of(folder).getFileName().toString(), folder);
      }
      for (String name : names) {
        boolean own = !NOT_OWN.contains(name) && !name.startsWith(".");
        if (own && depth < MAX_DEPTH && looked < MAX_FOLDERS) {
          look(folder.isEmpty() ? name : folder + "/" + name, depth + 1);
        }
      }
    }

    private void project(String folder) throws IOException {
      TreeFile file = TreeFile.read(tree, folder.isEmpty() ? FILE : folder + "/" + FILE, MAX_BYTES);
      String text =
          file instanceof TreeFile.Content(byte[] bytes)
              ? COMMENT.matcher(new String(bytes, UTF_8)).replaceAll("")
              : "";
      mayFetch |=
          text.isEmpty()
              || MAYBE_DEPENDENCIES.matcher(NO_DEPENDENCIES.matcher(text).replaceAll("")).find();
      Matcher name = NAME.matcher(text);
      if (name.find()) {
        add(name.group(1), folder);
      } else if (!folder.isEmpty()) {
        add(Path.of(folder).getFileName().toString(), folder);
      }
    }

    /** The first that claims a name has it: the root before what lies in it. */
    private void add(String application, String folder) {
      if (!application.isEmpty()) {
        folders.putIfAbsent(application, Path.of(folder));
      }
    }
  }
}
