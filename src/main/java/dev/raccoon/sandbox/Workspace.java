package dev.raccoon.sandbox;

import dev.raccoon.value.Peaks;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Where one build's commands run, one after the other, on a tree that the next finds as the one
 * before has left it. For one thread. Closing it ends everything that was started in it.
 */
public interface Workspace extends AutoCloseable {
  /** Where commands find the folder that they share with those before and after them. */
  Path CACHE = Path.of("/build/.cache");

  /**
   * Runs {@code command} to its end, or to a limit, and copies what it prints to either stream to
   * {@code log}, as it comes. An interrupt kills it. However it ends, nothing that it has started
   * in a sandbox runs when this returns or throws.
   *
   * @throws IOException when {@code log} cannot be written; the command is killed then
   * @throws RuntimeException whatever {@code log} throws; the command is killed then
   */
  CommandResult run(SandboxCommand command, OutputStream log)
      throws IOException, InterruptedException;

  /**
   * Puts the tree, as it is now, at {@code folder}, which must not exist; {@code log} gets what
   * cannot be copied, and the result is not {@code Exited(0)} then.
   */
  CommandResult copyTree(Path folder, OutputStream log) throws IOException, InterruptedException;

  /** The most that its commands had of everything. */
  Peaks peaks();

  @Override
  void close() throws IOException;
}
