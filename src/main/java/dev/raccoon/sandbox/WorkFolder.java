package dev.raccoon.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder that a build may fill as it likes, and that is gone when it is closed: whatever rights
 * its own folders have, however deep they are and whatever their names. Links are removed, never
 * followed.
 */
public record WorkFolder(Path path) implements AutoCloseable {
  private static final int LIMIT_MINUTES = 10;
  private static final int MAX_COMPLAINT_BYTES = 2000;

  /** Makes {@code path}, empty, for nobody else to see. */
  public static WorkFolder make(Path path) throws IOException {
    delete(path);
    Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new WorkFolder(path);
  }

  @Override
  public void close() throws IOException {
    delete(path);
  }

  /**
   * Deletes {@code root} and all below it, if it is there; an interrupt does not keep it from that.
   *
   * <p>With rm and chmod: Java's own calls need whole paths, which a build can make longer than the
   * system takes, and cannot open a folder without rights to give them back.
   */
  public static void delete(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    String path = root.toAbsolutePath().toString();
    List<String> remove = List.of("rm", "-rf", "--one-file-system", "--", path);
    if (!complaintOf(remove).isEmpty()) {
      complaintOf(List.of("chmod", "-R", "u+rwx", "--", path));
      String complaint = complaintOf(remove);
      if (!complaint.isEmpty()) {
        throw new IOException(complaint);
      }
    }
  }

  /** Deletes all below {@code root}, which may be a mount point, if it is there. */
  public static void empty(Path root) throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    List<Path> children;
    try (Stream<Path> all = Files.list(root)) {
      children = all.toList();
    }
    for (Path child : children) {
      delete(child);
    }
  }

  /** What the command says when it fails; empty when it succeeds. */
  private static String complaintOf(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    var _ =
        process
            .onExit()
            .orTimeout(LIMIT_MINUTES, TimeUnit.MINUTES)
            .whenComplete((ended, late) -> {
              if (late != null) {
                process.destroyForcibly();
              }
            });
    try (InputStream printed = process.getInputStream()) {
      byte[] beginning = printed.readNBytes(MAX_COMPLAINT_BYTES);
      printed.transferTo(OutputStream.nullOutputStream());
      int status = process.onExit().join().exitValue();
      return status == 0
          ? ""
          : "%s ended with %d: %s"
              .formatted(
                  command.getFirst(),
                  status,
                  new String(beginning, StandardCharsets.UTF_8).strip());
    }
  }
}
