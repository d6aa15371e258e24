package dev.raccoon.config;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The folder of all that lasts, held by one server at a time until it is closed. */
public final class DataDirectory implements AutoCloseable {
  private static final String NODE_ID = "node-id";

  private final Path root;
  private final FileChannel lock;

  private DataDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Makes {@code root} if it is not there, and takes it.
   *
   * @throws SettingsException when another server has it, or it cannot be written
   */
  public static DataDirectory take(Path root) {
    return takeIfFree(root)
        .orElseThrow(() ->
            new SettingsException(
                "Another server uses the data directory "
                    + root
                    + ": set RACCOON_DATA_DIR to another one."));
  }

  /**
   * The same; empty when another process has it.
   *
   * @throws SettingsException when it cannot be written
   */
  public static Optional<DataDirectory> takeIfFree(Path root) {
    try {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
      FileChannel channel =
          FileChannel.open(
              root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel) == null) {
        channel.close();
        return Optional.empty();
      }
      return Optional.of(new DataDirectory(root.toRealPath(), channel));
    } catch (IOException e) {
      throw new SettingsException(
          "The data directory " + root + " cannot be used: " + e.getMessage());
    }
  }

  private static @Nullable FileLock locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** The directory itself. */
  public Path root() {
    return root;
  }

  /** The embedded PostgreSQL's folder. */
  public Path postgres() {
    return postgres(root);
  }

  /** That of the data directory {@code root}, which another process may have. */
  public static Path postgres(Path root) {
    return root.resolve("postgres");
  }

  /** What may be deleted whenever no server runs. */
  public Path work() {
    return root.resolve("work");
  }

  /** What was fetched and is kept for other builds; it may be deleted whenever no server runs. */
  public Path cache() {
    return root.resolve("cache");
  }

  /** What the server's own helpers are configured by. */
  public Path helpers() {
    return root.resolve("helpers");
  }

  /** This node's lasting id, made once. */
  public UUID nodeId() {
    Path file = root.resolve(NODE_ID);
    try {
      if (!Files.exists(file)) {
        Path draft = root.resolve("node-id.new");
        Files.writeString(draft, UUID.randomUUID().toString());
        Files.move(draft, file);
      }
    } catch (IOException e) {
      throw new SettingsException(file + " cannot be written: " + e.getMessage());
    }
    return nodeId(root).orElseThrow();
  }

  /**
   * That of the data directory {@code root}, which another process may have; empty when no server
   * has ever used it.
   */
  public static Optional<UUID> nodeId(Path root) {
    Path file = root.resolve(NODE_ID);
    try {
      return Files.exists(file)
          ? Optional.of(UUID.fromString(Files.readString(file).strip()))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingsException(file + " cannot be read: " + e.getMessage());
    }
  }

  /** Whether another process has the data directory {@code root}. */
  public static boolean isTaken(Path root) {
    if (!Files.exists(root)) {
      return false;
    }
    Optional<DataDirectory> free = takeIfFree(root);
    free.ifPresent(DataDirectory::close);
    return free.isEmpty();
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
  }
}
