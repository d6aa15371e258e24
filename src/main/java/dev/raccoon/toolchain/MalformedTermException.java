package dev.raccoon.toolchain;

/** Ends a recursive descent; {@link ErlangTerms#parse} makes an outcome of it. */
final class MalformedTermException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final String why;

  MalformedTermException(int line, String why) {
    super(why, null, false, false);
    this.line = line;
    this.why = why;
  }

  int line() {
    return line;
  }

  String why() {
    return why;
  }
}
