package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReproduciblePackageTest {
  private static final List<String> NAMES =
      List.of(
          "priv/a-",
          "priv/a.b/c",
          "priv/a/b",
          "priv/Zażółć",
          "priv/😀",
          "priv/\uffee",
          "priv/" + "long/".repeat(40) + "end",
          "priv/" + "é".repeat(120),
          "src/demo.erl",
          "relx.conf");

  @TempDir private Path folder;

  @Test
  void theSameFilesGiveTheSameBytesWhateverElseDiffers() throws Exception {
    Path one = packed("one", NAMES, "rw-r--r--", Instant.parse("2001-01-01T00:00:00Z"));
    List<String> reversed = new ArrayList<>(NAMES);
    Collections.reverse(reversed);
    Path other =
        packed("a/longer/folder", reversed, "rw-rw-rw-", Instant.parse("2031-01-01T00:00:00.5Z"));

    assertThat(other).hasSameBinaryContentAs(one);
  }

  @Test
  void anyOrderOfMakingTheFilesGivesTheSameBytes() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path first = packed("first", NAMES, "rw-r--r--", Instant.EPOCH);
    for (int i = 0; i < 20; i++) {
      List<String> names = new ArrayList<>(NAMES);
      Collections.shuffle(names, random);
      Instant time = Instant.ofEpochSecond(random.nextInt());
      assertThat(packed("next" + i, names, "rw-------", time))
          .as("seed %d", seed)
          .hasSameBinaryContentAs(first);
    }
  }

  @Test
  void anotherUserAndLocaleGiveTheSameBytes() throws Exception {
    Path here = packed("here", NAMES, "rw-r--r--", Instant.EPOCH);

    for (Map<String, String> locale : List.of(Map.of("LC_ALL", "C"), Map.of("LANG", "C.UTF-8"))) {
      Path there = folder.resolve("there" + locale.size() + locale.keySet() + ".ep");
      String printed =
          OtherProcess.runWith(
              locale,
              List.of(
                  OtherProcess.java(),
                  "-Duser.name=somebody-else",
                  "-cp",
                  OtherProcess.classPath(),
                  PackOneTree.class.getName(),
                  folder.resolve("here").toString(),
                  there.toString()));

      assertThat(printed).startsWith("Packed");
      assertThat(there).hasSameBinaryContentAs(here);
    }
  }

  @Test
  void aNameThatIsNotUtf8IsRefusedInTheLocaleCToo() throws Exception {
    Path root = folder.resolve("tree");
    TreeFixture tree = new TreeFixture(root);
    tree.shell("mkdir priv; touch \"priv/$(printf '\\377\\376')\"");

    String printed =
        OtherProcess.runWith(
            Map.of("LC_ALL", "C"),
            List.of(
                OtherProcess.java(),
                "-cp",
                OtherProcess.classPath(),
                PackOneTree.class.getName(),
                root.toString(),
                folder.resolve("no.ep").toString()));

    assertThat(printed).startsWith("Refused").contains("is not UTF-8");
  }

  @Test
  void membersAreSortedByTheBytesOfTheirNames() throws Exception {
    List<String> names =
        List.copyOf(TarContents.read(packed("tree", NAMES, "rw-r--r--", Instant.EPOCH)).names());

    assertThat(names)
        .isSortedAccordingTo((a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8)))
        .containsSubsequence("priv/\uffee", "priv/😀");
  }

  private Path packed(String root, List<String> names, String mode, Instant time) throws Exception {
    TreeFixture tree = new TreeFixture(folder.resolve(root)).withSource();
    for (String name : names) {
      Path file = tree.file(name, "of " + name);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
      Files.setLastModifiedTime(file, FileTime.from(time));
    }
    Files.setLastModifiedTime(tree.path("priv"), FileTime.from(time));
    return tree.packed(folder.resolve(root.replace('/', '-') + ".ep")).file();
  }
}
