package dev.raccoon.testing;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The folder for what is slow to make and outlives a run of the tests: one for each user. */
final class TestCache {
  private TestCache() {}

  static Path folder() throws IOException {
    String user = System.getProperty("user.name");
    Path folder = Path.of(System.getProperty("java.io.tmpdir"), "raccoon-test-cache-" + user);
    try {
      return Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      return requireOwn(folder, user);
    }
  }

  // The name can be guessed and others can write beside it, and what lies in it is run.
  private static Path requireOwn(Path folder, String user) throws IOException {
    boolean isFolder = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
    String owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
    if (!isFolder || !owner.equals(user)) {
      throw new IOException(folder + " is not a folder of " + user + "'s own");
    }
    return folder;
  }
}
