package dev.raccoon.db;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's own programs ({@code initdb}, {@code postgres}, {@code pg_ctl}) and their libraries,
 * unpacked from the archive on the class path.
 */
record PostgresPrograms(Path home) {
  private static final String ARCHIVE = "/postgres-linux-x86_64.txz";
  private static final String PREFIX = "programs-";
  private static final String UNFINISHED = ".unpacking-";

  /**
   * The programs in {@code directory}, unpacked there unless this archive's already are. The folder
   * is named by the archive's checksum, so that a new release never runs on an old one's programs.
   * Safe to call by several processes at once.
   */
  static PostgresPrograms unpackedIn(Path directory) throws IOException {
    URL archive = PostgresPrograms.class.getResource(ARCHIVE);
    if (archive == null) {
      throw new DatabaseException(
          "This build of Raccoon holds no PostgreSQL of its own: name one with RACCOON_DATABASE_URL.");
    }
    Path home = directory.resolve(PREFIX + checksum(archive));
    if (!Files.isDirectory(home)) {
      Path unfinished = Files.createTempDirectory(directory, UNFINISHED);
      try (InputStream in = new BufferedInputStream(archive.openStream(), 1 << 16)) {
        unpack(in, unfinished);
      }
      if (!Files.isDirectory(home)) {
        FileTree.moveIntoPlace(unfinished, home);
      }
    }
    return new PostgresPrograms(home.toAbsolutePath());
  }

  /** Removes what earlier releases and interrupted starts left in {@code directory}. */
  void deleteOthers(Path directory) throws IOException {
    for (Path unfinished : FileTree.children(directory, UNFINISHED + "*")) {
      FileTree.delete(unfinished);
    }
    for (Path other : FileTree.children(directory, PREFIX + "*")) {
      if (!other.toAbsolutePath().equals(home)) {
        FileTree.delete(other);
      }
    }
  }

  /** A program's absolute path. */
  String program(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  /** The jar's directory has it already: reading 15 MB at every start would take 50 ms. */
  private static String checksum(URL archive) throws IOException {
    URLConnection connection = archive.openConnection();
    if (connection instanceof JarURLConnection jar) {
      return "%08x".formatted(jar.getJarEntry().getCrc());
    }
    return Long.toHexString(connection.getLastModified());
  }

  private static void unpack(InputStream archive, Path target) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("The archive of PostgreSQL names a path outside of it.");
        }
        unpackEntry(tar, entry, path);
      }
    }
  }

  private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.resolveSibling("."));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, path);
      Files.setPosixFilePermissions(path, permissions(entry.getMode()));
      FileTree.sync(path);
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    Set<PosixFilePermission> permissions =
        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    if ((mode & 0100) != 0) {
      permissions.add(PosixFilePermission.OWNER_EXECUTE);
    }
    return permissions;
  }
}
