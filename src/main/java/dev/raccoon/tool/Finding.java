package dev.raccoon.tool;

import java.util.Optional;

/** Why a task failed. All texts are in one printable line, and not long. */
public sealed interface Finding {
  /**
   * Something that it needs beside itself is not there.
   *
   * @param what the beginning of a sentence: "The dependency cowlib"
   * @param why the second half, as far as the tool itself tells
   */
  record Dependency(String what, Optional<String> why) implements Finding {
    Dependency(String what) {
      this(what, Optional.empty());
    }
  }

  /**
   * Its dependencies cannot be met, for a reason that needs no other: one is not what it should be,
   * or where it was asked for there is none.
   *
   * @param sentence a whole one
   */
  record Unmet(String sentence) implements Finding {}

  /**
   * The compiler refuses it.
   *
   * @param line its words
   */
  record Compiler(String line) implements Finding {}

  /**
   * This server, or the OTP that is built for, lacks something that it needs.
   *
   * @param sentence a whole one
   */
  record Toolchain(String sentence) implements Finding {}

  /**
   * A file of the repository is not as it must be.
   *
   * @param sentence a whole one, with the file's name
   */
  record Source(String sentence) implements Finding {}

  /**
   * Something else.
   *
   * @param words the tool's last ones, or that there are none
   */
  record Unclear(String words) implements Finding {}
}
