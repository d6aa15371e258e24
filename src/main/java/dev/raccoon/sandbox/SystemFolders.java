package dev.raccoon.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The machine's programs and libraries, to read only: {@code /usr}, and the folders beside it that
 * are links into it on most distributions, and folders of their own on some.
 */
final class SystemFolders {
  private static final List<String> BESIDE_USR =
      List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");

  private SystemFolders() {}

  /** bwrap's arguments that show those of {@code root} (the machine's own is {@code /}). */
  static List<String> arguments(Path root) throws IOException {
    List<String> all =
        new ArrayList<>(List.of("--ro-bind", root.resolve("usr").toString(), "/usr"));
    for (String name : BESIDE_USR) {
      Path folder = root.resolve(name);
      if (Files.isSymbolicLink(folder)) {
        all.addAll(List.of("--symlink", Files.readSymbolicLink(folder).toString(), "/" + name));
      } else if (Files.isDirectory(folder)) {
        all.addAll(List.of("--ro-bind", folder.toString(), "/" + name));
      }
    }
    return all;
  }
}
