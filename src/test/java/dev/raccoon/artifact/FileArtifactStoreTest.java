package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.value.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FileArtifactStoreTest extends ArtifactStoreContract {
  private Path root;
  private ArtifactStore store;

  @BeforeEach
  void openStore() throws IOException {
    root = folder.resolve("data/artifacts");
    store = new FileArtifactStore(root);
  }

  @Override
  ArtifactStore store() {
    return store;
  }

  @Test
  void namesAFileByItsDigestAndMakesItReadOnly() throws Exception {
    Stored stored = store.put(bytes("hello"));
    Path file =
        root.resolve("sha256/2c/f24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");

    assertThat(file).hasContent("hello");
    assertThat(store.exists(stored.digest())).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("r--r-----");
  }

  @Test
  void thePutOfWhatIsThereLeavesTheFileUntouched() throws Exception {
    Path file = file(store.put(bytes("once")).digest());
    Object inode = Files.getAttribute(file, "unix:ino");

    store.put(bytes("once"));

    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(inode);
    assertThat(incoming()).isEmpty();
  }

  @Test
  void nothingStaysInIncoming() throws Exception {
    store.put(bytes("kept"));
    store.check();
    assertThatThrownBy(() -> store.put(broken())).isInstanceOf(IOException.class);

    assertThat(incoming()).isEmpty();
  }

  @Test
  void bytesHaveNoNameBeforeTheyAreWhole() throws Exception {
    byte[] whole = randomBytes(400_000);
    Sha256 digest = Sha256.of(whole);
    InputStream watched =
        new ByteArrayInputStream(whole) {
          @Override
          public synchronized int read(byte[] buffer, int offset, int length) {
            assertThat(root.resolve("sha256").resolve(digest.hex().substring(0, 2)))
                .isEmptyDirectory();
            assertThat(incoming()).hasSize(1);
            return super.read(buffer, offset, length);
          }
        };

    store.put(watched);

    assertThat(store.exists(digest)).isTrue();
  }

  @Test
  void aLeftoverOfAnEarlierProcessIsRemovedAtTheStart() throws Exception {
    Instant start = Instant.parse("2026-05-01T12:00:00Z");
    Path leftover = Files.writeString(root.resolve("incoming/old"), "part");
    Path others = Files.writeString(root.resolve("incoming/new"), "part");
    Files.setLastModifiedTime(leftover, FileTime.from(start.minus(Duration.ofMinutes(1))));
    Files.setLastModifiedTime(others, FileTime.from(start.plus(Duration.ofMinutes(1))));

    store = new FileArtifactStore(root, start);

    assertThat(incoming()).containsExactly(others);
  }

  @Test
  void theProcessThatRunsCountsAsTheStart() throws Exception {
    Path leftover = Files.writeString(root.resolve("incoming/old"), "part");
    Files.setLastModifiedTime(leftover, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    Path others = Files.writeString(root.resolve("incoming/new"), "part");

    store = new FileArtifactStore(root);

    assertThat(incoming()).containsExactly(others);
  }

  @Test
  void aSecondStartFindsWhatTheFirstStored() throws Exception {
    Stored stored = store.put(bytes("durable"));

    store = new FileArtifactStore(root);

    assertThat(read(stored.digest())).asString(UTF_8).isEqualTo("durable");
  }

  @Test
  void theFolderOfWhatArrivesComesBackButAMissingStoreIsNotBegunAnew() throws Exception {
    Path incoming = root.resolve("incoming");
    Files.delete(incoming);
    assertThat(read(store.put(bytes("again")).digest())).asString(UTF_8).isEqualTo("again");
    Files.delete(incoming);
    store.check();

    Files.delete(incoming);
    Files.move(root.resolve("sha256"), folder.resolve("elsewhere"));
    assertThatThrownBy(() -> store.put(bytes("lost"))).isInstanceOf(IOException.class);
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void aStoreThatCannotBeWrittenToFailsItsCheck() throws Exception {
    assumeFalse(System.getProperty("user.name").equals("root"), "root may write everywhere");
    Path incoming = root.resolve("incoming");
    Files.setPosixFilePermissions(incoming, PosixFilePermissions.fromString("r-x------"));
    try {
      assertThatThrownBy(() -> store.check()).isInstanceOf(IOException.class);
    } finally {
      Files.setPosixFilePermissions(incoming, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void aFullDiskFailsThePutAndGetsItsSpaceBack() throws Exception {
    List<String> smallDisk = List.of("unshare", "--user", "--map-root-user", "--mount");
    assumeTrue(OtherProcess.works(smallDisk, "true"), "user name spaces are not allowed here");
    Path mount = Files.createDirectory(folder.resolve("small"));

    String output =
        OtherProcess.run(
            smallDisk,
            "sh",
            "-ec",
            "mount -t tmpfs -o size=2m none \"$1\"; shift; exec \"$@\"",
            "sh",
            mount.toString(),
            OtherProcess.java(),
            "-cp",
            OtherProcess.classPath(),
            FillADisk.class.getName(),
            mount.toString());

    assertThat(output.lines()).containsExactly("refused by the disk", "nothing incoming", "stored");
  }

  private Path file(Sha256 digest) {
    return root.resolve("sha256")
        .resolve(digest.hex().substring(0, 2))
        .resolve(digest.hex().substring(2));
  }

  @Override
  void damage(Sha256 digest, byte[] bytes) throws IOException {
    Path file = file(digest);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.write(file, bytes);
  }

  @Override
  List<byte[]> putAside() throws IOException {
    List<byte[]> all = new ArrayList<>();
    try (var files = Files.newDirectoryStream(root.resolve("damaged"))) {
      for (Path file : files) {
        all.add(Files.readAllBytes(file));
      }
    }
    return all;
  }

  @Test
  void aFileWhoseTimesChangedIsLookedAtAgain() throws Exception {
    Sha256 digest = store.put(bytes("once read")).digest();
    Path file = file(digest);
    assertThat(read(digest)).asString(UTF_8).isEqualTo("once read");
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    assertThat(read(digest)).asString(UTF_8).isEqualTo("once read");

    damage(digest, "ONCE READ".getBytes(UTF_8));

    assertThatThrownBy(() -> store.open(digest)).isInstanceOf(DamagedArtifactException.class);
  }

  @Test
  void whatIsPutAgainIsNotRemovedThoughItIsOld() throws Exception {
    Sha256 digest = store.put(bytes("old")).digest();
    Instant longAgo = Instant.now().minus(Duration.ofDays(3));
    Files.setLastModifiedTime(file(digest), FileTime.from(longAgo));

    store.put(bytes("old"));

    assertThat(FileArtifactStore.beside(root).remove(digest, longAgo.plusSeconds(60))).isFalse();
    assertThat(read(digest)).asString(UTF_8).isEqualTo("old");
  }

  @Test
  void aStoreThatIsGoneCannotBeListedNorVerified() throws Exception {
    Files.move(root.resolve("sha256"), folder.resolve("elsewhere"));

    assertThatThrownBy(() -> store.list(Optional.empty(), 10)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> store.verify(Sha256.of(new byte[0])))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the artifact store is gone");
  }

  private List<Path> incoming() {
    try (var files = Files.list(root.resolve("incoming"))) {
      return files.toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
