package dev.raccoon.crash;

import dev.raccoon.testing.Patience;
import dev.raccoon.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A server that speaks S3 in a process of its own, whose objects lie on a small disk. */
final class StoreProcess implements AutoCloseable {
  private static final int MEBIBYTES = 64;

  private final SmallDisk disk;
  private final Path folder;
  private final Path output;
  private Process process;
  private int starts;

  /** Starts one in {@code folder}. */
  StoreProcess(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.output = folder.resolveSibling("store.log");
    this.disk = new SmallDisk(folder, MEBIBYTES);
    this.process = started();
  }

  /** FOLDER PORT-FILE: serves until it is killed. */
  public static void main(String... arguments) throws Exception {
    S3Server server = S3Server.start(Path.of(arguments[0]));
    Path ready = Path.of(arguments[1] + ".part");
    Files.writeString(ready, Integer.toString(server.endpoint().getPort()));
    Files.move(ready, Path.of(arguments[1]));
    Thread.currentThread().join();
  }

  private Process started() throws IOException {
    starts++;
    List<String> command = new ArrayList<>(disk.inside());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            StoreProcess.class.getName(),
            folder.resolve("objects").toString(),
            portFile().toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
        .start();
  }

  private Path portFile() {
    return folder.resolveSibling("store.port." + starts);
  }

  /** Where it listens: another port after each start. */
  int port() {
    return Patience.await(() -> {
      try {
        return Optional.of(Integer.valueOf(Files.readString(portFile())));
      } catch (IOException e) {
        return Optional.empty();
      }
    });
  }

  SmallDisk disk() {
    return disk;
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void startAgain() throws IOException {
    process = started();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    disk.close();
  }
}
