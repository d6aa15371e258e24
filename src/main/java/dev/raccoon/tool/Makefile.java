package dev.raccoon.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.toolchain.TreeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The text of the file that GNU make would read in a tree's root. What it says is searched for
 * words only, since only make itself can tell what it means.
 */
record Makefile(String text) {
  /** In the order in which GNU make looks for them. */
  private static final List<String> NAMES = List.of("GNUmakefile", "makefile", "Makefile");

  private static final int MAX_BYTES = 1 << 20;

  private static final Pattern ERLANG_MK =
      Pattern.compile("(?m)^[ \\t]*+[-s]?include[ \\t][^\\n#]*\\berlang\\.mk\\b");
  private static final Pattern OTHERS =
      Pattern.compile("(?m)^[ \\t]*+[-s]?include[ \\t]++(?![^\\n]*\\berlang\\.mk\\b)");
  private static final Pattern ERLANG =
      Pattern.compile("(?i)\\berlc?\\b|erlang|rebar|\\.beam\\b|\\.app\\b");

  /** What a file that makes a resource file says of it, or leaves to another file to say. */
  private static final Pattern MAKES_APPLICATION =
      Pattern.compile("(?m)\\.app\\b|^[ \\t]*+[-s]?include\\b|\\$[({]MAKE[)}]|make -C");

  /** The one in the root of {@code tree}. */
  static Optional<Makefile> of(Path tree) throws IOException {
    return of(tree, "");
  }

  /** The one in {@code folder} of {@code tree}, which ends with a slash unless it is empty. */
  static Optional<Makefile> of(Path tree, String folder) throws IOException {
    for (String name : NAMES) {
      if (TreeFile.read(tree, folder + name, MAX_BYTES) instanceof TreeFile.Content(byte[] bytes)) {
        return Optional.of(new Makefile(new String(bytes, UTF_8)));
      }
    }
    return Optional.empty();
  }

  boolean includesErlangMk() {
    return ERLANG_MK.matcher(text).find();
  }

  /** Whether it is about Erlang at all. */
  boolean namesErlang() {
    return ERLANG.matcher(text).find();
  }

  /** Whether an OTP application may come of it. */
  boolean mayMakeApplication() {
    return MAKES_APPLICATION.matcher(text).find();
  }

  /** Whether it says how {@code target}, a plain name, is made. */
  boolean hasTarget(String target) {
    return Pattern.compile("(?m)^" + Pattern.quote(target) + "[ \\t]*+::?(?!=)")
        .matcher(text)
        .find();
  }

  /** Whether it gives {@code variable}, a plain name, a value. */
  boolean sets(String variable) {
    return Pattern.compile(
            "(?m)^[ \\t]*+(?:export |override )?" + Pattern.quote(variable) + "[ \\t]*+[:+?]{0,2}=")
        .matcher(text)
        .find();
  }

  /** Whether it leaves a part of what it says to another file than erlang.mk. */
  boolean includesOthers() {
    return OTHERS.matcher(text).find();
  }
}
