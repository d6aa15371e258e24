package dev.raccoon.crash;

import dev.raccoon.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A file system of few bytes, in a mount name space of its own: an ordinary user can mount it
 * there. It lives as long as a process that holds it, which ends with this one.
 */
final class SmallDisk implements AutoCloseable {
  private static final String MOUNT =
      "mount -t tmpfs -o size=$1,mode=700 none \"$2\" && : >\"$2/mounted\" && exec cat";

  private final Path folder;
  private final Process holder;

  /** Mounts one of {@code mebibytes} at {@code folder}, which is made; only those inside see it. */
  SmallDisk(Path folder, int mebibytes) throws IOException {
    this.folder = Files.createDirectories(folder);
    List<String> command =
        List.of(
            "unshare",
            "--user",
            "--map-current-user",
            "--keep-caps",
            "--mount",
            "sh",
            "-c",
            MOUNT,
            "sh",
            mebibytes + "m",
            folder.toString());
    // Its input stays open until it is closed, or this process ends.
    this.holder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Patience.await(() -> Optional.of(seen("mounted")).filter(Files::exists));
  }

  /** What goes before a command that is to run inside. */
  List<String> inside() {
    return List.of(
        "nsenter",
        "--target",
        Long.toString(holder.pid()),
        "--user",
        "--mount",
        "--preserve-credentials",
        "--");
  }

  /** A file on it, as this process reaches it. */
  Path seen(String name) {
    return Path.of("/proc/" + holder.pid() + "/root" + folder).resolve(name);
  }

  /** Not a byte more fits on it. */
  void fill() throws IOException {
    byte[] block = new byte[1 << 16];
    try (var ballast = Files.newOutputStream(seen("ballast"))) {
      while (true) {
        ballast.write(block);
      }
    } catch (IOException e) {
      if (!Optional.ofNullable(e.getMessage()).orElse("").contains("No space left")) {
        throw e;
      }
    }
  }

  /** There is room again. */
  void free() throws IOException {
    Files.deleteIfExists(seen("ballast"));
  }

  @Override
  public void close() {
    holder.destroy();
  }
}
