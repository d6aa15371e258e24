package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;

/** One member of a package file, before it is written. */
sealed interface Member {
  /** By the bytes of their names, so that a folder comes right before what is in it. */
  Comparator<Member> BY_NAME =
      (one, other) ->
          Arrays.compareUnsigned(one.name().getBytes(UTF_8), other.name().getBytes(UTF_8));

  /** Its whole name in the package; a folder's ends with {@code /}. */
  String name();

  /** How many bytes follow its header. */
  long sizeBytes();

  /** A folder. */
  record Folder(String name) implements Member {
    @Override
    public long sizeBytes() {
      return 0;
    }
  }

  /** A regular file of the work tree; no link is in {@code path}. */
  record TreeFile(String name, Path path, long sizeBytes, boolean executable) implements Member {}

  /** A file that the server made. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Generated(String name, byte[] bytes) implements Member {
    @Override
    public long sizeBytes() {
      return bytes.length;
    }
  }
}
