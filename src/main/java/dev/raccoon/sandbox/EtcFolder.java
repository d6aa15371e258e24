package dev.raccoon.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The {@code /etc} that commands see: just enough for programs that look up their user or host, and
 * for git to ask over plain http, which the proxy that is a build's one way out can read.
 */
final class EtcFolder {
  /** The machine's own, mounted on empty ones: the linker's paths, and certificates. */
  static final List<String> OF_MACHINE =
      List.of("/etc/alternatives", "/etc/ld.so.cache", "/etc/ssl/certs");

  private static final String GIT_CONFIGURATION =
      """
      [url "http://"]
      	insteadOf = https://
      	insteadOf = git://
      	insteadOf = ssh://git@
      [url "http://github.com/"]
      	insteadOf = git@github.com:
      [url "http://gitlab.com/"]
      	insteadOf = git@gitlab.com:
      [url "http://bitbucket.org/"]
      	insteadOf = git@bitbucket.org:
      [url "http://codeberg.org/"]
      	insteadOf = git@codeberg.org:
      [protocol]
      	allow = never
      [protocol "http"]
      	allow = always
      [safe]
      	directory = *
      [advice]
      	detachedHead = false
      """;

  private EtcFolder() {}

  /** With {@code more} files, by their paths below it. */
  static Path make(Path folder, Map<String, String> more) throws IOException {
    Files.createDirectories(folder.resolve("alternatives"));
    Files.createDirectories(folder.resolve("ssl/certs"));
    // Without one, programs look for libraries in the linker's own folders only.
    Files.writeString(folder.resolve("ld.so.cache"), "");
    Files.writeString(
        folder.resolve("passwd"), "builder:x:1000:1000::" + HomeFolder.PATH + ":/bin/sh\n");
    Files.writeString(folder.resolve("group"), "builder:x:1000:\n");
    Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost raccoon\n");
    Files.writeString(
        folder.resolve("nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files\n");
    Files.writeString(folder.resolve("gitconfig"), GIT_CONFIGURATION);
    WorkFolder.delete(folder.resolve(Surroundings.FOLDER));
    for (Map.Entry<String, String> file : more.entrySet()) {
      Path path = folder.resolve(Surroundings.FOLDER).resolve(file.getKey());
      Files.createDirectories(path.resolveSibling("."));
      Files.writeString(path, file.getValue());
    }
    return folder;
  }
}
