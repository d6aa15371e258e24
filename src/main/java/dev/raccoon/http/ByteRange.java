package dev.raccoon.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which bytes of a file a client asks for: RFC 9110 section 14, single ranges. */
sealed interface ByteRange {
  /** No range was asked for, or none that must be answered. */
  record Whole() implements ByteRange {}

  record Part(long first, long length) implements ByteRange {}

  /** The range lies behind the file's end. */
  record Unsatisfiable() implements ByteRange {}

  Pattern FORM = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})", Pattern.CASE_INSENSITIVE);

  /**
   * Reads the headers; several ranges at once, or one in a form of its own, are answered with the
   * whole, which is allowed.
   */
  static ByteRange of(@Nullable String range, @Nullable String ifRange, String etag, long size) {
    if (range == null || (ifRange != null && !ifRange.equals(etag))) {
      return new Whole();
    }
    Matcher form = FORM.matcher(range);
    if (!form.matches() || (form.group(1).isEmpty() && form.group(2).isEmpty())) {
      return new Whole();
    }
    if (form.group(1).isEmpty()) {
      long last = Math.min(size, Long.parseLong(form.group(2)));
      return last == 0 ? new Unsatisfiable() : new Part(size - last, last);
    }
    long first = Long.parseLong(form.group(1));
    long last =
        form.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(form.group(2)));
    if (first >= size) {
      return new Unsatisfiable();
    }
    return last < first ? new Whole() : new Part(first, last - first + 1);
  }
}
