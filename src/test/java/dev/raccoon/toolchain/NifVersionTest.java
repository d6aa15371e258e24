package dev.raccoon.toolchain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.value.OtpVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NifVersionTest {
  @TempDir private Path root;

  @Test
  void theMachinesOwnHeadersSayWhatTheTableSays() {
    for (OtpInstallation otp : MachineOtp.all()) {
      assertThat(NifVersion.of(otp)).isEqualTo(NifVersion.ofRelease(otp.version().major()));
    }
  }

  @Test
  void aHeaderCountsMoreThanTheTable() throws Exception {
    Path include = Files.createDirectories(root.resolve("usr/include"));
    Files.writeString(
        include.resolve("erl_nif.h"),
        "#define ERL_NIF_MAJOR_VERSION 3\n#define ERL_NIF_MINOR_VERSION 1\n");

    assertThat(NifVersion.of(otp("25"))).contains("3.1");
  }

  @Test
  void withoutAHeaderTheReleaseTellsAsFarAsItIsKnown() {
    assertThat(NifVersion.of(otp("25"))).contains("2.16");
    assertThat(NifVersion.of(otp("27"))).contains("2.17");
    assertThat(NifVersion.of(otp("99"))).isEmpty();
  }

  private OtpInstallation otp(String version) {
    return new OtpInstallation(root, new OtpVersion(version), "13.1", List.of());
  }
}
