package dev.raccoon.build;

import dev.raccoon.artifact.NativeFile;
import dev.raccoon.catalog.NativeCode;
import dev.raccoon.toolchain.NifVersion;
import dev.raccoon.toolchain.OtpInstallation;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a package's programs and shared libraries together need of a machine. */
final class NativeSummary {
  private NativeSummary() {}

  /** Of {@code files}, which were compiled for {@code otp}; empty where there is none. */
  static Optional<NativeCode> of(Set<NativeFile> files, OtpInstallation otp) {
    if (files.isEmpty()) {
      return Optional.empty();
    }
    boolean nif = files.stream().anyMatch(NativeFile::isNif);
    return Optional.of(
        new NativeCode(
            files.stream().map(NativeFile::processor).distinct().sorted().toList(),
            cLibraries(files),
            nif ? NifVersion.of(otp) : Optional.empty()));
  }

  private static List<String> cLibraries(Set<NativeFile> files) {
    Optional<String> oldest =
        files.stream()
            .flatMap(file -> file.glibc().stream())
            .max(NativeFile.Version::compareTo)
            .map(version -> "glibc " + version);
    return files.stream()
        .flatMap(file -> file.cLibrary().stream())
        .distinct()
        .sorted()
        .map(name -> name.equals("glibc") ? oldest.orElse(name) : name)
        .toList();
  }
}
