package dev.raccoon.toolchain;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A repository's {@code raccoon.yaml}, read strictly: what is not exactly as {@code
 * docs/raccoon.schema.json} has it refuses the whole file, since a setting that is not seen would
 * make another build than its author meant.
 */
public sealed interface ProjectFile {
  /** The file's name, at the repository's root. */
  String NAME = "raccoon.yaml";

  /** Larger ones are refused. */
  int MAX_BYTES = 64 * 1024;

  /** As it should be, or not there. */
  record Read(ProjectSettings settings) implements ProjectFile {}

  /**
   * What is wrong with it.
   *
   * @param sentence in one printable line, with the file's name and the line
   */
  record Refused(String sentence) implements ProjectFile {}

  /** Reads that of {@code tree}, to which nothing writes meanwhile. */
  static ProjectFile read(Path tree) throws IOException {
    return switch (TreeFile.read(tree, NAME, MAX_BYTES)) {
      case TreeFile.Absent() -> new Read(ProjectSettings.NONE);
      case TreeFile.Refused(String why) -> new Refused(NAME + " " + why);
      case TreeFile.Content(byte[] bytes) -> parse(bytes);
    };
  }

  /** Reads a file's bytes, which are UTF-8. */
  static ProjectFile parse(byte[] bytes) {
    try {
      return new Read(ProjectFileReader.settings(YamlReader.read(bytes)));
    } catch (MalformedYamlException e) {
      return new Refused(NAME + ", line " + e.line() + ": " + e.why());
    }
  }
}
