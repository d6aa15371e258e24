package dev.raccoon.toolchain;

import java.util.List;

/** A value of a YAML file, with the line on which it begins, from 1. */
sealed interface YamlNode {
  int line();

  /**
   * A text or, by the JSON schema of YAML 1.2, something else that is written as one.
   *
   * @param text as it is written, without its quotes
   */
  record Scalar(int line, Kind kind, String text) implements YamlNode {}

  record Sequence(int line, List<YamlNode> elements) implements YamlNode {}

  /** In its order; no two keys are equal. */
  record Mapping(int line, List<Entry> entries) implements YamlNode {}

  record Entry(Scalar key, YamlNode value) {}

  /** What a scalar is. */
  enum Kind {
    STRING,
    INTEGER,
    OTHER
  }
}
