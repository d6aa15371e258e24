package dev.raccoon.toolchain;

/** Ends the reading of a YAML file; {@link ProjectFile#parse} makes an outcome of it. */
final class MalformedYamlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final String why;

  MalformedYamlException(int line, String why) {
    super(why, null, false, false);
    this.line = line;
    this.why = why;
  }

  /** From 1. */
  int line() {
    return line;
  }

  /** A sentence in one printable line. */
  String why() {
    return why;
  }
}
