package dev.raccoon.source;

import dev.raccoon.config.Settings;
import dev.raccoon.sandbox.WorkFolder;
import dev.raccoon.value.CloneUrl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A small package's repository that comes with the server, so that a first build works on a machine
 * that can reach no code host.
 */
public final class ExampleRepository {
  /** Where it is fetched from: a host that is nobody's (RFC 2606), rewritten to the folder. */
  public static final CloneUrl URL =
      CloneUrl.parse("https://raccoon.example.org/raccoon/hello.git");

  private static final List<String> FILES =
      List.of("rebar.config", "src/hello.app.src", "src/hello.erl");
  private static final String TAG = "1.0.0";

  private ExampleRepository() {}

  /**
   * Makes the repository at {@code folder} unless it is there; answers the rewrite that leads to
   * it.
   */
  public static Settings.Rewrite make(Git git, Path folder) throws IOException {
    if (!Files.exists(folder)) {
      // A start that failed or was killed leaves nothing that this one would take for whole.
      try (WorkFolder draft = WorkFolder.make(folder.resolveSibling("example.draft"))) {
        fill(git, draft.path());
        Files.move(draft.path(), folder, StandardCopyOption.ATOMIC_MOVE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    return new Settings.Rewrite(URL.toString(), folder.toString());
  }

  private static void fill(Git git, Path folder) throws IOException, InterruptedException {
    for (String name : FILES) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      try (InputStream in = ExampleRepository.class.getResourceAsStream("/example/" + name)) {
        Files.copy(java.util.Objects.requireNonNull(in, name), file);
      }
    }
    git.local(folder, List.of("init", "--quiet", "--template=", "."));
    git.local(folder, List.of("add", "."));
    git.local(
        folder,
        List.of(
            "-c",
            "user.name=Raccoon",
            "-c",
            "user.email=raccoon@example.org",
            "commit",
            "--quiet",
            "--message",
            "Hello"));
    git.local(folder, List.of("tag", TAG));
  }
}
