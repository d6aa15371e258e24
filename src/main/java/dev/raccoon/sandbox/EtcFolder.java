package dev.raccoon.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The {@code /etc} that commands see: just enough for programs that look up their user or host. */
final class EtcFolder {
  private EtcFolder() {}

  static Path make(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("alternatives"));
    // Empty, the machine's own is mounted on it: without one, programs look for libraries in the
    // linker's own folders only.
    Files.writeString(folder.resolve("ld.so.cache"), "");
    Files.writeString(
        folder.resolve("passwd"), "builder:x:1000:1000::" + HomeFolder.PATH + ":/bin/sh\n");
    Files.writeString(folder.resolve("group"), "builder:x:1000:\n");
    Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost raccoon\n");
    Files.writeString(
        folder.resolve("nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files\n");
    return folder;
  }
}
