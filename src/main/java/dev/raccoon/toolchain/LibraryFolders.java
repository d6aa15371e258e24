package dev.raccoon.toolchain;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the folders outside of an installation that its programs and drivers load from. */
final class LibraryFolders {
  /** {@code /usr} is in every sandbox. */
  private static final Path ALWAYS_VISIBLE = Path.of("/usr");

  private LibraryFolders() {}

  static List<Path> of(Path root, String ertsVersion) throws IOException {
    Set<Path> folders = new TreeSet<>();
    for (Path file : binaries(root, ertsVersion)) {
      ElfFile elf = ElfFile.read(file);
      for (Path needed : needs(elf)) {
        realFolder(needed).filter(folder -> mustBeShown(folder, root)).ifPresent(folders::add);
      }
    }
    return List.copyOf(folders);
  }

  /** Programs, and what applications bring: crypto's driver names the folder of its OpenSSL. */
  private static List<Path> binaries(Path root, String ertsVersion) throws IOException {
    List<Path> binaries =
        new ArrayList<>(OtpInspection.entries(root.resolve("erts-" + ertsVersion + "/bin")));
    Path applications = root.resolve("lib");
    if (OtpFiles.isFolder(applications)) {
      for (Path application : OtpInspection.entries(applications)) {
        for (String folder : List.of("priv/lib", "priv/bin")) {
          Path loaded = application.resolve(folder);
          if (OtpFiles.isFolder(loaded)) {
            binaries.addAll(OtpInspection.entries(loaded));
          }
        }
      }
    }
    return binaries;
  }

  private static List<Path> needs(ElfFile elf) {
    List<Path> folders = new ArrayList<>(elf.libraryPath());
    elf.interpreter().map(Path::getParent).ifPresent(folders::add);
    return folders;
  }

  private static Optional<Path> realFolder(Path folder) throws IOException {
    return OtpFiles.isFolder(folder) ? Optional.of(folder.toRealPath()) : Optional.empty();
  }

  /** The whole file system is never shown, whatever a program names. */
  private static boolean mustBeShown(Path folder, Path root) {
    return folder.getNameCount() > 0
        && !folder.startsWith(ALWAYS_VISIBLE)
        && !folder.startsWith(root);
  }
}
