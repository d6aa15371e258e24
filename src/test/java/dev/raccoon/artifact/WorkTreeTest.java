package dev.raccoon.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Random trees of links, where the kernel itself says what each of them leads to. */
@Timeout(120)
class WorkTreeTest {
  @TempDir private Path folder;

  @Test
  void findsWhatTheKernelFindsAndNeverAnythingOutside() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Files.writeString(folder.resolve("outside"), "");
    int found = 0;
    for (int round = 0; round < 30; round++) {
      Path root = Files.createDirectory(folder.resolve("tree" + round));
      List<Path> entries = plant(root, random);
      WorkTree tree = new WorkTree(root, Path.of("/build/demo"), 1_000_000);
      for (Path entry : entries) {
        found += compare(tree, root, root.relativize(entry), seed) ? 1 : 0;
      }
      removeLinks(entries);
    }
    assertThat(found).as("seed %d", seed).isGreaterThan(100);
  }

  /** Whether there was something to find. */
  private static boolean compare(WorkTree tree, Path root, Path relative, long seed)
      throws IOException {
    Path real = real(root.resolve(relative));
    boolean inside = real != null && real.startsWith(root.toRealPath());
    try {
      Optional<WorkTree.Place> place = tree.find(relative);
      if (place.isPresent()) {
        assertThat(place.get().path()).as("%s, seed %d", relative, seed).isEqualTo(real);
        assertThat(inside).as("%s, seed %d", relative, seed).isTrue();
      } else {
        assertThat(real).as("%s, seed %d", relative, seed).isNull();
      }
      return place.isPresent();
    } catch (RefusedException e) {
      // Right when it ends outside, and strict when it only passes through; both begin with "..".
      assertThat(e.sentence()).as("seed %d", seed).endsWith("leads out of the repository.");
      return false;
    }
  }

  private static List<Path> plant(Path root, Random random) throws IOException {
    List<Path> folders = new ArrayList<>(List.of(root));
    List<Path> entries = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Path in = folders.get(random.nextInt(folders.size()));
      Path entry = in.resolve("abcdefgh".charAt(random.nextInt(8)) + "");
      if (Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      switch (random.nextInt(4)) {
        case 0 -> folders.add(Files.createDirectory(entry));
        case 1 -> Files.createFile(entry);
        default -> Files.createSymbolicLink(entry, target(random));
      }
      entries.add(entry);
    }
    return entries;
  }

  private static Path target(Random random) {
    List<String> names =
        List.of("..", "..", ".", "a", "b", "c", "d", "e", "f", "g", "h", "outside");
    StringBuilder target = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      target.append(names.get(random.nextInt(names.size()))).append('/');
    }
    return Path.of(target.toString());
  }

  private static @Nullable Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return null;
    }
  }

  private static void removeLinks(List<Path> entries) throws IOException {
    for (Path entry : entries.reversed()) {
      if (Files.isSymbolicLink(entry)) {
        Files.delete(entry);
      }
    }
  }
}
