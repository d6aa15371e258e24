package dev.raccoon.source;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Adds up what {@code git ls-tree -r -t -l} lists, before anything of it is written: a few objects
 * of a hostile repository can stand for billions of files, or of folders without any.
 */
final class TreeSize implements GitOutput.LineReader {
  private static final int MAX_FILES = 200_000;
  private static final long MAX_BYTES = 2L << 30;
  private static final Pattern LINE =
      Pattern.compile("[0-7]{6} [a-z]+ [0-9a-f]+ +(?<size>[0-9]{1,18}|-)\t.*");

  private int files;
  private long bytes;

  /** The tree has more than a build may have. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLargeException() {
      super(
          "more than "
              + MAX_FILES
              + " files and folders or "
              + (MAX_BYTES >> 30)
              + " GiB, which is more than can be built here.");
    }
  }

  @Override
  public boolean take(String line) throws TooLargeException {
    Matcher form = LINE.matcher(line);
    if (!form.matches()) {
      return false;
    }
    files++;
    // A folder or a submodule has no size here.
    bytes += form.group("size").equals("-") ? 0 : Long.parseLong(form.group("size"));
    if (files > MAX_FILES || bytes > MAX_BYTES) {
      throw new TooLargeException();
    }
    return true;
  }
}
