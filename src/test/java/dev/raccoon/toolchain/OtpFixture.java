package dev.raccoon.toolchain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Folders laid out as OTP's {@code make install} does, with programs that nobody runs. */
final class OtpFixture {
  private OtpFixture() {}

  /** An installation whose OTP_VERSION holds {@code version}; answers its root. */
  static Path install(Path root, String release, String version) throws IOException {
    return install(root, release, version, new ElfFixture("/lib64/ld-linux-x86-64.so.2"));
  }

  static Path install(Path root, String release, String version, ElfFixture beam)
      throws IOException {
    Files.createDirectories(root.resolve("bin"));
    Path erl = Files.writeString(root.resolve("bin/erl"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(erl, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path releases = Files.createDirectories(root.resolve("releases").resolve(release));
    Files.writeString(releases.resolve("OTP_VERSION"), version);
    Path erts = Files.createDirectories(root.resolve("erts-13.1.5/bin"));
    Files.write(erts.resolve("beam.smp"), beam.bytes());
    return root.toRealPath();
  }
}
