package dev.raccoon.artifact;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One OTP application of a work tree that has been built and in which nothing runs any more.
 *
 * @param tree the work tree's root
 * @param mountPoint where the sandbox had the tree: absolute links that begin with it point inside
 * @param ebinFolder the compiled modules, relative to the tree ({@code _build/default/lib/x/ebin})
 * @param sourceFolder the application's own folder, relative to the tree; empty for the tree itself
 * @param sources folders of the application's own that are packed as well, such as {@code src}
 * @param format which of the dialects' lock files is packed
 * @param othersInEbin files of {@code ebinFolder} that belong to other applications
 * @param generated files of the package's root by their names, in place of any of the tree
 */
public record BuiltApplication(
    Path tree,
    Path mountPoint,
    Path ebinFolder,
    Path sourceFolder,
    List<String> sources,
    PackageFormat format,
    Set<String> othersInEbin,
    Map<String, byte[]> generated) {

  public BuiltApplication {
    if (ebinFolder.isAbsolute() || sourceFolder.isAbsolute() || !mountPoint.isAbsolute()) {
      throw new IllegalArgumentException(
          "ebinFolder and sourceFolder are relative to the tree, mountPoint is absolute");
    }
    Stream.concat(sources.stream(), generated.keySet().stream())
        .filter(name -> !MemberName.isPlain(name))
        .forEach(name -> {
          throw new IllegalArgumentException("not a file's name: " + name);
        });
    sources = List.copyOf(sources);
    othersInEbin = Set.copyOf(othersInEbin);
    generated = Map.copyOf(generated);
  }
}
