package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.artifact.WorkTree.Place;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Finds what belongs into an application's package; nothing is opened yet. For one use. */
final class MemberCollector {
  private static final String EBIN = "ebin";

  private final BuiltApplication application;
  private final WorkTree tree;
  private final int maxMembers;
  private final List<Member> members = new ArrayList<>();

  /** The folders that the walk is in at the moment: a link back to one of them is a loop. */
  private final Set<Path> around = new HashSet<>();

  private int seen;

  MemberCollector(BuiltApplication application, int maxMembers) throws IOException {
    this.application = application;
    this.maxMembers = maxMembers;
    // Plenty for honest links; hostile ones could go on for hours within all other limits.
    this.tree =
        new WorkTree(application.tree(), application.mountPoint(), 10_000 + 20L * maxMembers);
  }

  /** The package's members by name. */
  List<Member> collect() throws IOException, RefusedException {
    addEbin();
    addFolder("priv", beside("priv"), source("priv"));
    addFolder("rel", source("rel"));
    for (String folder : application.sources()) {
      addFolder(folder, source(folder));
    }
    addFile("relx.conf", source("relx.conf"));
    String locks = application.format().locksName();
    addFile(locks, source(locks), Path.of(locks));
    addGenerated();
    members.sort(Member.BY_NAME);
    return List.copyOf(members);
  }

  private void addEbin() throws IOException, RefusedException {
    if (!addFolder(EBIN, application.ebinFolder())) {
      throw new RefusedException(
          "The build left no folder "
              + MemberName.shown(application.ebinFolder().toString())
              + ", so there is nothing to pack.");
    }
  }

  /** Adds the first of {@code candidates} that is a folder. */
  private boolean addFolder(String name, Path... candidates) throws IOException, RefusedException {
    for (Path candidate : candidates) {
      Optional<Place> found = findOrdinary(candidate);
      if (found.isPresent() && found.get().attributes().isDirectory()) {
        add(name, found.get());
        return true;
      }
    }
    return false;
  }

  /** Adds the first of {@code candidates} that is a file, unless the server made that file. */
  private void addFile(String name, Path... candidates) throws IOException, RefusedException {
    if (application.generated().containsKey(name)) {
      return;
    }
    for (Path candidate : candidates) {
      Optional<Place> found = findOrdinary(candidate);
      if (found.isPresent() && found.get().attributes().isRegularFile()) {
        add(name, found.get());
        return;
      }
    }
  }

  private Optional<Place> findOrdinary(Path candidate) throws IOException, RefusedException {
    Optional<Place> found = tree.find(candidate);
    if (found.isPresent() && found.get().attributes().isOther()) {
      throw special(candidate.toString());
    }
    return found;
  }

  private void addGenerated() throws RefusedException {
    for (var file : application.generated().entrySet()) {
      count();
      members.add(new Member.Generated(file.getKey(), file.getValue()));
    }
  }

  private void add(String name, Place place) throws IOException, RefusedException {
    count();
    if (name.getBytes(UTF_8).length >= MemberName.MAX_BYTES) {
      throw new RefusedException(
          "The folders around " + MemberName.shown(name) + " are nested too deep.");
    }
    if (place.attributes().isDirectory()) {
      addAllIn(name, place.path());
    } else if (place.attributes().isRegularFile()) {
      boolean executable =
          place.attributes().permissions().contains(PosixFilePermission.OWNER_EXECUTE);
      members.add(new Member.TreeFile(name, place.path(), place.attributes().size(), executable));
    } else {
      throw special(name);
    }
  }

  private void addAllIn(String name, Path folder) throws IOException, RefusedException {
    if (!around.add(folder)) {
      return;
    }
    members.add(new Member.Folder(name + "/"));
    for (Path child : list(name, folder)) {
      Path entry = Objects.requireNonNull(child.getFileName(), "an entry has a name");
      if (name.equals(EBIN) && application.othersInEbin().contains(entry.toString())) {
        continue;
      }
      String childName = name + "/" + MemberName.of(child);
      Optional<Place> place = tree.entry(folder, entry, childName);
      if (place.isPresent()) {
        add(childName, place.get());
      } else {
        count();
      }
    }
    around.remove(folder);
  }

  private List<Path> list(String name, Path folder) throws IOException, RefusedException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path child : stream) {
        children.add(child);
        checkCount(seen + children.size());
      }
    } catch (AccessDeniedException e) {
      throw WorkTree.unreadable(name);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return children;
  }

  private void count() throws RefusedException {
    seen++;
    checkCount(seen);
  }

  private void checkCount(int count) throws RefusedException {
    if (count > maxMembers) {
      throw new RefusedException("The build left more than " + maxMembers + " files to pack.");
    }
  }

  private Path source(String name) {
    return application.sourceFolder().resolve(name);
  }

  private Path beside(String name) {
    return application.ebinFolder().resolveSibling(name);
  }

  private static RefusedException special(String name) {
    return new RefusedException(
        MemberName.shown(name)
            + " is a pipe, a socket or a device: a package holds files and folders only.");
  }
}
