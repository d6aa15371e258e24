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
  private static final Pattern ERLANG =
      Pattern.compile("(?i)\\berlc?\\b|erlang|rebar|\\.beam\\b|\\.app\\b");

  /** What a file that makes a resource file says of it, or leaves to another file to say. */
  private static final Pattern MAKES_APPLICATION =
      Pattern.compile("(?m)\\.app\\b|^[ \\t]*+[-s]?include\\b|\\$[({]MAKE[)}]|make -C");

  static Optional<Makefile> of(Path tree) throws IOException {
    for (String name : NAMES) {
      if (TreeFile.read(tree, name, MAX_BYTES) instanceof TreeFile.Content(byte[] bytes)) {
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

  boolean has(String word) {
    return text.contains(word);
  }
}
