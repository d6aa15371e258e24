package dev.raccoon.artifact;

import dev.raccoon.elf.ElfImage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a program or a shared library of a package needs of the machine that loads it.
 *
 * @param processor as {@code uname -m} names it, such as {@code x86_64}
 * @param cLibrary {@code glibc} or {@code musl}; empty where it loads none
 * @param glibc the oldest glibc that has all that is needed, such as 2.34, if it says so
 * @param isNif whether Erlang can load it as the native part of a module
 */
public record NativeFile(
    String processor, Optional<String> cLibrary, Optional<Version> glibc, boolean isNif) {
  private static final Pattern GLIBC =
      Pattern.compile("GLIBC_([0-9]{1,4})\\.([0-9]{1,4})(?:\\.[0-9]{1,4})?");

  /** A version of two numbers. */
  public record Version(int major, int minor) implements Comparable<Version> {
    @Override
    public int compareTo(Version other) {
      return major == other.major
          ? Integer.compare(minor, other.minor)
          : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
      return major + "." + minor;
    }
  }

  /** What the file at {@code path} needs; empty where it is neither. Links are not followed. */
  static Optional<NativeFile> read(Path path) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      Optional<ElfImage> image = ElfImage.read(channel).filter(ElfImage::isLoadable);
      return image.isPresent() ? Optional.of(of(image.get())) : Optional.empty();
    }
  }

  private static NativeFile of(ElfImage image) throws IOException {
    Optional<String> cLibrary =
        Stream.concat(image.libraries().stream(), image.interpreter().stream())
            .flatMap(name -> cLibrary(name).stream())
            .findFirst();
    return new NativeFile(
        processor(image.machine()),
        cLibrary,
        newest(image.symbolVersions()),
        image.names("nif_init"));
  }

  private static Optional<Version> newest(List<String> symbolVersions) {
    return symbolVersions.stream()
        .map(GLIBC::matcher)
        .filter(Matcher::matches)
        .map(form -> new Version(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2))))
        .max(Version::compareTo);
  }

  /** By the name of the library or the loader: musl's library is both. */
  private static Optional<String> cLibrary(String name) {
    if (name.equals("libc.so.6")) {
      return Optional.of("glibc");
    }
    return name.equals("libc.so") || name.contains("ld-musl-") || name.startsWith("libc.musl-")
        ? Optional.of("musl")
        : Optional.empty();
  }

  private static String processor(int machine) {
    return switch (machine) {
      case 3 -> "i686";
      case 20 -> "ppc";
      case 21 -> "ppc64le";
      case 22 -> "s390x";
      case 40 -> "armv7l";
      case 62 -> "x86_64";
      case 183 -> "aarch64";
      case 243 -> "riscv64";
      case 258 -> "loongarch64";
      default -> "machine " + machine;
    };
  }
}
