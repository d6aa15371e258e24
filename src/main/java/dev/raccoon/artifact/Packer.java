package dev.raccoon.artifact;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.raccoon.value.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Packs one application of a built work tree into an uncompressed tar. The same files give the same
 * bytes, on any node and at any time.
 *
 * <p>The tree is hostile, but nothing runs in it any more. Links inside the tree are followed,
 * those that dangle or run in a circle are left out, and one that leaves the tree refuses the
 * package, as does whatever is no file and no folder, and a name that not every system reads the
 * same. {@code c_src/} is never packed: a client that finds it compiles it again. Thread-safe.
 */
public final class Packer {
  private final PackageLimits limits;

  /** A packer of packages up to {@code limits}. */
  public Packer(PackageLimits limits) {
    this.limits = limits;
  }

  /** What one package may hold. */
  public PackageLimits limits() {
    return limits;
  }

  /**
   * Packs {@code application} into the new file {@code target}, which must not exist and whose
   * folder the caller owns.
   *
   * @throws IOException when the machine is in trouble, never for what the tree holds; no file is
   *     left then
   */
  public Packing pack(BuiltApplication application, Path target) throws IOException {
    try {
      List<Member> members = new MemberCollector(application, limits.members()).collect();
      if (TarWriter.sizeBytes(members, limits.sizeBytes()) > limits.sizeBytes()) {
        return new Packing.TooLarge(limits.sizeBytes());
      }
      return write(members, target);
    } catch (RefusedException e) {
      return new Packing.Refused(e.sentence());
    }
  }

  static Packing.Packed write(List<Member> members, Path target)
      throws IOException, RefusedException {
    OutputStream file = Files.newOutputStream(target, CREATE_NEW, WRITE);
    boolean complete = false;
    try {
      MessageDigest digest = writeTar(members, file);
      complete = true;
      return new Packing.Packed(
          target, Sha256.of(digest), Files.size(target), members.size(), natives(members));
    } finally {
      if (!complete) {
        file.close();
        Files.deleteIfExists(target);
      }
    }
  }

  private static Set<NativeFile> natives(List<Member> members) throws IOException {
    Set<NativeFile> natives = new HashSet<>();
    for (Member member : members) {
      if (member instanceof Member.TreeFile file && file.name().startsWith("priv/")) {
        NativeFile.read(file.path()).ifPresent(natives::add);
      }
    }
    return natives;
  }

  private static MessageDigest writeTar(List<Member> members, OutputStream file)
      throws IOException, RefusedException {
    MessageDigest digest = Sha256.newDigest();
    try (TarWriter tar =
        new TarWriter(new BufferedOutputStream(new DigestOutputStream(file, digest), 128 * 1024))) {
      for (Member member : members) {
        tar.write(member);
      }
    }
    return digest;
  }
}
