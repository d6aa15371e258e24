package dev.raccoon.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WorkFolderTest {
  @TempDir Path folder;

  @Test
  void isEmptyAndItsOwnersOnly() throws Exception {
    Path path = folder.resolve("new/work");
    Files.createDirectories(path.resolve("old"));

    try (WorkFolder work = WorkFolder.make(path)) {
      assertThat(work.path()).isEmptyDirectory();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
    }

    assertThat(path).doesNotExist();
  }

  @Test
  void whatIsInAFolderIsDeletedAndItselfStays() throws Exception {
    Files.createDirectories(folder.resolve("mount/.hidden/child"));

    WorkFolder.empty(folder.resolve("mount"));
    WorkFolder.empty(folder.resolve("none"));

    assertThat(folder.resolve("mount")).isEmptyDirectory();
  }

  @Test
  void foldersWithoutRightsAreDeleted() throws Exception {
    fill("mkdir -p a/b/c d/e; touch a/b/c/f d/e/f; chmod 000 a/b; chmod 500 d/e; chmod 111 d");
    deletes();
  }

  @Test
  void whatALinkPointsAtStays() throws Exception {
    Path target = Files.createDirectories(folder.resolve("target"));
    Files.writeString(target.resolve("kept"), "kept");
    Files.setPosixFilePermissions(
        target.resolve("kept"), PosixFilePermissions.fromString("r--r--r--"));
    fill("ln -s ../target link; mkdir shut; ln -s ../../target shut/link; chmod 000 shut");

    deletes();

    assertThat(target.resolve("kept")).hasContent("kept");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("kept"))))
        .isEqualTo("r--r--r--");
  }

  @Test
  void aLinkInItsPlaceIsDeletedAlone() throws Exception {
    Path target = Files.createDirectories(folder.resolve("target"));
    Files.createSymbolicLink(folder.resolve("work"), target);

    deletes();

    assertThat(target).isDirectory();
  }

  @Test
  void tenThousandFilesAreDeleted() throws Exception {
    fill("mkdir many; cd many; seq 10000 | xargs touch");
    deletes();
  }

  @Test
  void pathsLongerThanTheSystemTakesAreDeleted() throws Exception {
    fill(
        """
        hundred=$(printf 'a-folder-in-a-folder/%.0s' $(seq 100))
        for i in $(seq 20); do mkdir -p "$hundred"; cd -P "$hundred"; done
        """);
    deletes();
  }

  @Test
  void namesThatAreNoTextAreDeleted() throws Exception {
    fill(
        "touch -- \"$(printf 'new\\nline')\" \"$(printf 'latin\\351')\" -rf '*' \"$(printf '\\377')\"");
    assertThat(folder.resolve("work").toFile().list()).hasSize(5);
    deletes();
  }

  @Test
  void pipesAreDeleted() throws Exception {
    fill("mkfifo pipe");
    deletes();
  }

  @Test
  void anInterruptedThreadDeletesAllTheSame() throws Exception {
    fill("touch file");

    Thread.currentThread().interrupt();
    WorkFolder.delete(folder.resolve("work"));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(folder.resolve("work")).doesNotExist();
  }

  @Test
  void whatCannotBeDeletedIsSaid() throws Exception {
    Path parent = Files.createDirectories(folder.resolve("parent"));
    Path inside = Files.createDirectories(parent.resolve("work"));
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("r-x------"));
    assumeTrue(!Files.isWritable(parent), "root may delete anything");
    try {
      assertThatThrownBy(() -> WorkFolder.delete(inside))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("Permission denied");
    } finally {
      Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private void fill(String script) throws Exception {
    Path work = Files.createDirectories(folder.resolve("work"));
    Process shell =
        new ProcessBuilder("sh", "-ec", script)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertThat(shell.waitFor()).as(printed).isZero();
  }

  private void deletes() throws IOException {
    WorkFolder.delete(folder.resolve("work"));

    assertThat(Files.exists(folder.resolve("work"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }
}
