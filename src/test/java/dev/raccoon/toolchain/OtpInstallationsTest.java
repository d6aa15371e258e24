package dev.raccoon.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.DebianOtp;
import dev.raccoon.toolchain.OtpInstallations.Rejected;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtpInstallationsTest {
  @TempDir Path given;

  private Path folder = Path.of("");

  @BeforeEach
  void resolve() throws IOException {
    folder = given.toRealPath();
  }

  @Test
  void anErlOnThePathLeadsToItsInstallation() throws IOException {
    Path root = OtpFixture.install(folder.resolve("lib/erlang"), "25", "25.2.3\n");
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("erl"), Path.of("../lib/erlang/bin/erl"));
    OtpInstallations found = scan(new OtpSearch(List.of(bin), List.of(), List.of(), none()));
    assertThat(found.all())
        .containsExactly(new OtpInstallation(root, new OtpVersion("25.2.3"), "13.1.5", List.of()));
    assertThat(found.newest().orElseThrow().bin()).isEqualTo(root.resolve("bin"));
    assertThat(found.rejected()).isEmpty();
  }

  @Test
  void aNamedEntryIsARootOrAFolderOfThem() throws IOException {
    Path alone = OtpFixture.install(folder.resolve("alone"), "24", "24.3");
    OtpFixture.install(folder.resolve("many/b"), "27", "27.3.4.1");
    OtpFixture.install(folder.resolve("many/a"), "26", "26.2");
    Files.createDirectories(folder.resolve("many/other"));
    OtpInstallations found = named(alone, folder.resolve("many"));
    assertThat(found.describe()).isEqualTo("OTP 27.3.4.1, 26.2 and 24.3");
    assertThat(found.rejected()).isEmpty();
  }

  @Test
  void kerlsListIsFollowed() throws IOException {
    Path root = OtpFixture.install(folder.resolve("with blank"), "23", "23.3.4");
    Path gone = folder.resolve("gone");
    Files.writeString(
        folder.resolve("otp_installations"),
        "23.3.4 " + root + "\n\nnonsense\n24 relative\n22.0 " + gone + "\n");
    OtpInstallations found =
        scan(new OtpSearch(List.of(), List.of(), List.of(), Optional.of(folder)));
    assertThat(found.describe()).isEqualTo("OTP 23.3.4");
    assertThat(found.rejected())
        .containsExactly(new Rejected(gone, "kerl lists it, but there is no such folder"));
  }

  @Test
  void theHighestReleaseCountsAndTheStarsOfAPatchedOneDoNot() throws IOException {
    Path root = OtpFixture.install(folder.resolve("otp"), "9", "9.9");
    OtpFixture.install(root, "25", " 25.3.2.8**\n");
    assertThat(named(root).newest()).get().extracting("version.text").isEqualTo("25.3.2.8");
  }

  @Test
  void theNewestRunTimeSystemCounts() throws IOException {
    Path root = OtpFixture.install(folder.resolve("otp"), "25", "25.3");
    Path newer = Files.createDirectories(root.resolve("erts-13.10/bin"));
    Files.copy(root.resolve("erts-13.1.5/bin/beam.smp"), newer.resolve("beam.smp"));
    Files.createDirectories(root.resolve("erts-14.0"));
    assertThat(named(root).newest().orElseThrow().ertsVersion()).isEqualTo("13.10");
  }

  @Test
  void ofTwoRootsOfOneVersionTheFirstIsUsedAndOneRootCountsOnce() throws IOException {
    Path first = OtpFixture.install(folder.resolve("one"), "25", "25.3");
    Path second = OtpFixture.install(folder.resolve("two"), "25", "25.3");
    Path link = Files.createSymbolicLink(folder.resolve("link"), first);
    OtpInstallations found = named(first, link, second, first);
    assertThat(found.all()).extracting(OtpInstallation::root).containsExactly(first);
    assertThat(found.rejected())
        .containsExactly(new Rejected(second, "OTP 25.3 was found at " + first + " first"));
  }

  @Test
  void whatIsNoInstallationIsRejectedWithAReason() throws IOException {
    Path noVersion = OtpFixture.install(folder.resolve("a"), "25", "25.0");
    Files.delete(noVersion.resolve("releases/25/OTP_VERSION"));
    Path odd = OtpFixture.install(folder.resolve("b"), "25", "../../x");
    Path noErts = OtpFixture.install(folder.resolve("c"), "25", "25.1");
    Files.delete(noErts.resolve("erts-13.1.5/bin/beam.smp"));
    Path notRunnable = OtpFixture.install(folder.resolve("d"), "25", "25.2");
    Files.setPosixFilePermissions(
        notRunnable.resolve("bin/erl"), PosixFilePermissions.fromString("rw-r--r--"));
    Path empty = Files.createDirectory(folder.resolve("e"));
    Path missing = folder.resolve("f");
    OtpInstallations found = named(noVersion, odd, noErts, notRunnable, empty, missing);
    assertThat(found.describe()).isEqualTo("no OTP at all");
    assertThat(found.rejected())
        .containsExactly(
            new Rejected(noVersion, "there is no releases/N/OTP_VERSION"),
            new Rejected(odd, "its OTP_VERSION holds no version"),
            new Rejected(noErts, "there is no erts-…/bin with a beam.smp"),
            new Rejected(notRunnable, "there is no bin/erl that can be run"),
            new Rejected(empty, "neither it nor a folder in it has a bin/erl"),
            new Rejected(missing, "there is no such folder"));
  }

  @Test
  void usualPlacesThatAreNotThereAreNotWorthAWord() {
    OtpSearch elsewhere =
        new OtpSearch(
            List.of(folder.resolve("bin")), List.of(folder.resolve("gone")), List.of(), none());
    assertThat(scan(elsewhere).rejected()).isEmpty();
  }

  @Test
  void aMajorReleaseIsServedByItsNewestAndAnExactVersionByItselfOnly() throws IOException {
    OtpFixture.install(folder.resolve("a"), "25", "25.3.2.8");
    OtpFixture.install(folder.resolve("b"), "25", "25.3.10");
    OtpFixture.install(folder.resolve("c"), "27", "27.0");
    OtpInstallations found = named(folder);
    assertThat(version(found, "25")).contains("25.3.10");
    assertThat(version(found, "25.3.2.8")).contains("25.3.2.8");
    assertThat(version(found, "25.3")).isEmpty();
    assertThat(version(found, "26")).isEmpty();
  }

  @Test
  void onlyExistingFoldersOutsideOfUsrAndTheRootMustBeShown() throws IOException {
    Path lib = Files.createDirectory(folder.resolve("lib"));
    Path loaders = Files.createDirectory(folder.resolve("loaders"));
    ElfFixture beam =
        new ElfFixture(loaders + "/ld.so")
            .with(ElfFixture.DT_RPATH, "$ORIGIN:$ORIGIN/../../../lib:/usr/lib:/:/not/there");
    Path root = OtpFixture.install(folder.resolve("otp"), "25", "25.3", beam);
    assertThat(named(root).newest().orElseThrow().libraryFolders()).containsExactly(lib, loaders);
  }

  @Test
  void theFolderThatADriverOfAnApplicationNamesIsFoundToo() throws IOException {
    Path ssl = Files.createDirectory(folder.resolve("ssl"));
    Path root = OtpFixture.install(folder.resolve("otp"), "25", "25.3");
    Path priv = Files.createDirectories(root.resolve("lib/crypto-5.1/priv/lib"));
    Files.write(
        priv.resolve("crypto.so"),
        new ElfFixture("").with(ElfFixture.DT_RUNPATH, ssl.toString()).bytes());
    assertThat(named(root).newest().orElseThrow().libraryFolders()).containsExactly(ssl);
  }

  @Test
  void aSnapshotStaysAndAnotherScanSeesWhatIsNew() throws IOException {
    OtpFixture.install(folder.resolve("a"), "25", "25.3");
    OtpInstallations before = named(folder);
    OtpFixture.install(folder.resolve("b"), "27", "27.0");
    assertThat(before.describe()).isEqualTo("OTP 25.3");
    assertThat(named(folder).describe()).isEqualTo("OTP 27.0 and 25.3");
  }

  @Test
  void everyInstallationOfThisMachineCanBeShownToASandbox() throws IOException {
    for (OtpInstallation otp : MachineOtp.all()) {
      assertThat(otp.bin().resolve("erl")).isExecutable();
      assertThat(beam(otp)).isRegularFile();
      Path loader = ElfFile.read(beam(otp)).interpreter().orElseThrow();
      assertThat(real(loader))
          .satisfiesAnyOf(
              path -> assertThat(path).startsWith(Path.of("/usr")),
              path -> assertThat(path.getParent()).isIn(otp.libraryFolders()));
    }
  }

  @Test
  void anInstallationBesideTheSystemsIsFoundWithItsOwnLibraries() {
    Path otp27 = DebianOtp.require("trixie");
    OtpInstallations found = MachineOtp.installations(otp27);
    assertThat(found.rejected()).isEmpty();
    OtpInstallation beside = found.find(OtpSelector.parse("27")).orElseThrow();
    assertThat(beside.root()).isEqualTo(real(otp27));
    assertThat(beside.libraryFolders()).contains(real(otp27.resolve("../../../lib")));
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<String> version(OtpInstallations found, String asked) {
    return found.find(OtpSelector.parse(asked)).map(otp -> otp.version().text());
  }

  private static OtpInstallations named(Path... entries) {
    return scan(new OtpSearch(List.of(), List.of(), List.of(entries), none()));
  }

  private static OtpInstallations scan(OtpSearch search) {
    return OtpInstallations.scan(search);
  }

  private static Optional<Path> none() {
    return Optional.empty();
  }

  private static Path beam(OtpInstallation otp) {
    return otp.root().resolve("erts-" + otp.ertsVersion() + "/bin/beam.smp");
  }
}
