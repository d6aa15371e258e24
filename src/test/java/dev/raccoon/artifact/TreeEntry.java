package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * An entry of a tree, of any bytes. Each character of {@code segments} and {@code target} is a
 * byte.
 *
 * @param kind {@code d} for a folder, {@code l} for a link, anything else for a file
 */
record TreeEntry(char kind, List<String> segments, String target) {
  /**
   * Reads {@code KIND PATH [TAB TARGET]}, without blanks between. The path is below {@code ebin},
   * or with a slash at its beginning below the tree itself.
   */
  static TreeEntry read(String line) {
    if (line.isEmpty()) {
      return new TreeEntry('f', List.of(), "");
    }
    int tab = line.indexOf('\t');
    String name = line.substring(1, Math.max(1, tab < 0 ? line.length() : tab));
    String path = name.startsWith("/") ? name : TreeFixture.EBIN + "/" + name;
    // What no folder holds under that name.
    List<String> segments =
        Stream.of(path.split("/"))
            .filter(segment -> !List.of("", ".", "..").contains(segment))
            .filter(segment -> segment.indexOf('\0') < 0)
            .toList();
    return new TreeEntry(line.charAt(0), segments, line.substring(tab + 1).replace("\0", ""));
  }

  /** Makes it, unless no file system takes it; never behind a link, so always below the tree. */
  void make(Path tree) throws IOException {
    if (segments.isEmpty()) {
      return;
    }
    try {
      Path at = tree;
      for (String segment : segments.subList(0, segments.size() - 1)) {
        at = child(at, segment);
        if (!Files.isDirectory(at, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectory(at);
        }
      }
      makeLast(child(at, segments.getLast()));
    } catch (FileSystemException e) {
      // It is there already, or its name is too long: then a tree has no such entry.
      return;
    }
  }

  private void makeLast(Path path) throws IOException {
    switch (kind) {
      case 'd' -> Files.createDirectory(path);
      case 'l' -> {
        if (!target.isEmpty()) {
          Files.createSymbolicLink(path, Path.of(target));
        }
      }
      default -> Files.createFile(path);
    }
  }

  /** By way of a URI, which gives a name its bytes whatever the locale. */
  private static Path child(Path folder, String name) {
    StringBuilder uri = new StringBuilder(folder.toUri().toString());
    if (uri.charAt(uri.length() - 1) != '/') {
      uri.append('/');
    }
    for (byte octet : name.getBytes(ISO_8859_1)) {
      uri.append('%').append(HexFormat.of().toHexDigits(octet));
    }
    return Path.of(URI.create(uri.toString()));
  }
}
