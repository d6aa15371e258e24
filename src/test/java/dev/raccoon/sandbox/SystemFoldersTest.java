package dev.raccoon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemFoldersTest {
  @TempDir Path root;

  @Test
  void linksAreMadeAgainAndFoldersAreShown() throws Exception {
    Files.createDirectories(root.resolve("usr/lib"));
    Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
    Files.createSymbolicLink(root.resolve("lib64"), Path.of("usr/lib"));
    Files.createDirectories(root.resolve("bin"));

    assertThat(SystemFolders.arguments(root))
        .containsExactly(
            "--ro-bind",
            root.resolve("usr").toString(),
            "/usr",
            "--ro-bind",
            root.resolve("bin").toString(),
            "/bin",
            "--symlink",
            "usr/lib",
            "/lib",
            "--symlink",
            "usr/lib",
            "/lib64");
  }
}
