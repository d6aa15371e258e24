package dev.raccoon.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElfFileTest {
  private static final String LOADER = "/opt/x/ld.so";

  @TempDir Path given;

  /** The real path of the temporary folder, which $ORIGIN stands for. */
  private Path folder = Path.of("");

  @BeforeEach
  void resolve() throws IOException {
    folder = given.toRealPath();
  }

  @Test
  void theInterpreterAndTheFoldersOfRpathAreRead() throws IOException {
    byte[] elf = new ElfFixture(LOADER).with(ElfFixture.DT_RPATH, "/a:/b/../c::rel:/a").bytes();
    assertThat(read(elf))
        .isEqualTo(
            new ElfFile(Optional.of(Path.of(LOADER)), List.of(Path.of("/a"), Path.of("/c"))));
  }

  @Test
  void runpathReplacesRpath() throws IOException {
    ElfFixture elf =
        new ElfFixture(LOADER)
            .with(ElfFixture.DT_RPATH, "/old")
            .with(ElfFixture.DT_RUNPATH, "/new");
    assertThat(read(elf.bytes()).libraryPath()).containsExactly(Path.of("/new"));
  }

  @Test
  void originIsTheFolderOfTheFileItself() throws IOException {
    String path = "$ORIGIN/../lib:${ORIGIN}:/x/$LIB";
    byte[] elf = new ElfFixture(LOADER).with(ElfFixture.DT_RUNPATH, path).bytes();
    Path lib = folder.resolveSibling("lib");
    assertThat(read(elf).libraryPath()).containsExactly(lib, folder);
    Path link =
        Files.createSymbolicLink(
            Files.createDirectory(folder.resolve("elsewhere")).resolve("link"),
            folder.resolve("file"));
    assertThat(ElfFile.read(link).libraryPath()).containsExactly(lib, folder);
  }

  @Test
  void theMachinesOwnErlangNamesAnInterpreterThatIsThere() throws IOException {
    for (OtpInstallation otp : MachineOtp.all()) {
      Optional<Path> loader =
          ElfFile.read(otp.root().resolve("erts-" + otp.ertsVersion() + "/bin/beam.smp"))
              .interpreter();
      assertThat(loader).get().matches(Files::isRegularFile);
    }
  }

  @Test
  void whatIsNoElfFileNeedsNothing() throws IOException {
    assertThat(ElfFile.read(folder.resolve("missing"))).isEqualTo(ElfFile.NOTHING);
    assertThat(ElfFile.read(folder)).isEqualTo(ElfFile.NOTHING);
    assertThat(read(new byte[0])).isEqualTo(ElfFile.NOTHING);
    assertThat(read("#!/bin/sh\nexec erl\n".repeat(9).getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(ElfFile.NOTHING);
    byte[] bigEndian = new ElfFixture(LOADER).bytes();
    bigEndian[5] = 2;
    assertThat(read(bigEndian)).isEqualTo(ElfFile.NOTHING);
  }

  @Test
  void aNamedPipeIsNotOpened() throws Exception {
    Path pipe = folder.resolve("pipe");
    Process mkfifo = new ProcessBuilder("mkfifo", pipe.toString()).start();
    assumeTrue(mkfifo.waitFor() == 0, "mkfifo does not work here");
    assertThat(ElfFile.read(pipe)).isEqualTo(ElfFile.NOTHING);
  }

  @Test
  void damagedFilesHaveAnOutcome() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    byte[] good = new ElfFixture(LOADER).with(ElfFixture.DT_RUNPATH, "$ORIGIN:/b").bytes();
    for (int i = 0; i < 3_000; i++) {
      byte[] damaged = Arrays.copyOf(good, i % 3 == 0 ? random.nextInt(good.length) : good.length);
      for (int changes = random.nextInt(8); changes > 0 && damaged.length > 0; changes--) {
        // Half of them in the headers, where they do most harm.
        int within = random.nextBoolean() ? Math.min(232, damaged.length) : damaged.length;
        damaged[random.nextInt(within)] = (byte) random.nextInt(256);
      }
      assertThat(read(damaged)).as("seed %d, run %d", seed, i).isNotNull();
    }
  }

  private ElfFile read(byte[] bytes) throws IOException {
    return ElfFile.read(Files.write(folder.resolve("file"), bytes));
  }
}
