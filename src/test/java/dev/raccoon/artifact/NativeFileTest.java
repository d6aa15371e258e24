package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeFileTest {
  private static final String NIF =
      "#include <stdio.h>\nvoid *nif_init(void) { puts(\"loaded\"); return 0; }\n";

  @TempDir private Path folder;

  @Test
  void aLibraryForErlangIsOfThisMachineAndItsCLibrary() throws Exception {
    NativeFile nif = compiled(NIF, "-shared", "-fPIC").orElseThrow();

    assertThat(nif.processor()).isEqualTo(output("uname", "-m"));
    assertThat(nif.cLibrary()).contains("glibc");
    assertThat(nif.glibc()).isPresent();
    assertThat(nif.isNif()).isTrue();
  }

  @Test
  void aProgramIsNoLibraryForErlang() throws Exception {
    NativeFile program = compiled("int main(void) { return 0; }\n").orElseThrow();

    assertThat(program.cLibrary()).contains("glibc");
    assertThat(program.isNif()).isFalse();
  }

  @Test
  void whatLoadsNothingNeedsNoCLibrary() throws Exception {
    NativeFile alone =
        compiled("int f(void) { return 1; }\n", "-shared", "-fPIC", "-nostdlib").orElseThrow();

    assertThat(alone.cLibrary()).isEmpty();
    assertThat(alone.glibc()).isEmpty();
  }

  @Test
  void anObjectFileIsNoneAndNeitherIsAnythingElse() throws Exception {
    assertThat(compiled(NIF, "-c")).isEmpty();
    assertThat(read("#!/bin/sh\nexec erl\n".getBytes(UTF_8))).isEmpty();
    assertThat(read(new byte[0])).isEmpty();
    assertThat(read("\177ELF".getBytes(UTF_8))).isEmpty();
  }

  @Test
  void ofAnotherProcessorsFileTheHeaderIsRead() throws Exception {
    byte[] arm = new byte[52];
    System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1}, 0, arm, 0, 7);
    arm[16] = 3;
    arm[18] = 40;
    byte[] s390 = new byte[64];
    System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 2, 2, 1}, 0, s390, 0, 7);
    s390[17] = 3;
    s390[19] = 22;

    assertThat(read(arm).orElseThrow().processor()).isEqualTo("armv7l");
    assertThat(read(s390).orElseThrow().processor()).isEqualTo("s390x");
  }

  @Test
  void versionsAreComparedAsNumbers() {
    assertThat(new NativeFile.Version(2, 4)).isLessThan(new NativeFile.Version(2, 34));
    assertThat(new NativeFile.Version(3, 0)).isGreaterThan(new NativeFile.Version(2, 34));
  }

  @Test
  void damagedFilesHaveAnOutcome() throws Exception {
    compiled(NIF, "-shared", "-fPIC");
    byte[] good = Files.readAllBytes(folder.resolve("made"));
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 1000; i++) {
      byte[] damaged = Arrays.copyOf(good, i % 3 == 0 ? random.nextInt(good.length) : good.length);
      for (int changes = random.nextInt(8); changes > 0 && damaged.length > 0; changes--) {
        // Most of what is read lies at the beginning.
        damaged[random.nextInt(Math.min(4096, damaged.length))] = (byte) random.nextInt(256);
      }
      assertThat(read(damaged)).as("seed %d, run %d", seed, i).isNotNull();
    }
  }

  @Test
  void aPackageTellsWhatItsProgramsNeedWhereverTheyLieBelowPriv() throws Exception {
    TreeFixture tree = new TreeFixture(folder.resolve("tree"));
    Path made = Files.createDirectories(folder.resolve("tree/priv/lib/deep"));
    compiled(NIF, "-shared", "-fPIC");
    Files.copy(folder.resolve("made"), made.resolve("one.so"));
    Files.copy(folder.resolve("made"), made.resolve("the_same.so"));
    compiled("int main(void) { return 0; }\n");
    Files.copy(folder.resolve("made"), made.resolve("program"));

    assertThat(tree.packed(folder.resolve("demo.ep")).natives())
        .hasSize(2)
        .extracting(NativeFile::isNif)
        .containsExactlyInAnyOrder(true, false);
  }

  private Optional<NativeFile> compiled(String source, String... options) throws Exception {
    Path file = Files.writeString(folder.resolve("source.c"), source);
    Path made = folder.resolve("made");
    List<String> command =
        Stream.concat(
                Stream.of("cc", "-o", made.toString()),
                Stream.concat(Stream.of(options), Stream.of(file.toString())))
            .toList();
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    return NativeFile.read(made);
  }

  private Optional<NativeFile> read(byte[] bytes) throws Exception {
    return NativeFile.read(Files.write(folder.resolve("file"), bytes));
  }

  private static String output(String... command) throws Exception {
    Process process = new ProcessBuilder(command).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
  }
}
