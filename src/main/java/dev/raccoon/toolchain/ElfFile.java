package dev.raccoon.toolchain;

import dev.raccoon.elf.ElfImage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a program or a shared library (ELF, 64 bits, little-endian: elf(5)) needs beside itself to
 * start.
 *
 * @param interpreter the dynamic loader that it names
 * @param libraryPath the folders of its DT_RUNPATH or, without one, its DT_RPATH, as ld.so(8) takes
 *     them, {@code $ORIGIN} expanded; entries that are relative or have other variables are left
 *     out
 */
record ElfFile(Optional<Path> interpreter, List<Path> libraryPath) {
  /** What a file that is not such an ELF file, or a damaged one, needs. */
  static final ElfFile NOTHING = new ElfFile(Optional.empty(), List.of());

  ElfFile {
    libraryPath = List.copyOf(libraryPath);
  }

  /**
   * Reads a few kilobytes of {@code file}; any other file than such an ELF file is NOTHING.
   *
   * @throws IOException when the disk is in trouble
   */
  static ElfFile read(Path file) throws IOException {
    if (!OtpFiles.isFile(file)) {
      return NOTHING;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      Optional<ElfImage> image = ElfImage.read(channel);
      return image.isEmpty()
          ? NOTHING
          : new ElfFile(
              image.get().interpreter().flatMap(ElfFile::absolute),
              folders(image.get().libraryPath(), file.toRealPath().resolveSibling("")));
    } catch (AccessDeniedException | NoSuchFileException e) {
      // A file that may not be read needs nothing: nobody can start it either.
      return NOTHING;
    }
  }

  private static List<Path> folders(Optional<String> libraryPath, Path origin) {
    return libraryPath.stream()
        .flatMap(path -> Stream.of(path.split(":")))
        .map(entry -> entry.replace("${ORIGIN}", "$ORIGIN").replace("$ORIGIN", origin.toString()))
        .filter(entry -> entry.indexOf('$') < 0)
        .flatMap(entry -> absolute(entry).stream())
        .distinct()
        .toList();
  }

  private static Optional<Path> absolute(String text) {
    return OtpSearch.path(text).filter(Path::isAbsolute).map(Path::normalize);
  }
}
