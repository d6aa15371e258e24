package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A built tree that is packed: one entry a line, as {@link TreeEntry} reads it. */
public final class PackerFuzz implements FuzzTarget {
  private static final int MAX_ENTRIES = 30;
  private static final PackageLimits LIMITS = new PackageLimits(64 * 1024, 50);

  @Override
  public List<String> seeds() {
    return List.of(
        "fdemo.app\nfdemo.beam\nf/src/demo.erl\nd/include\nf/priv/x/y",
        "fdemo.app\nl/priv\t_build/default/lib/demo/ebin\nlloop\tloop\nlself\t.",
        "fdemo.app\nlout\t/etc/passwd\nl/priv\t../../../../../etc",
        "fdemo.app\nfé\nf\\\nf\u2028\nf" + "n".repeat(255),
        "fenot_config.json\nf/enot_locks.json\nf/relx.conf\nlin\t/build/demo/src\nf/src/a");
  }

  @Override
  public void check(byte[] input) throws Exception {
    Path folder = Files.createTempDirectory("fuzz");
    try {
      Path tree = Files.createDirectory(folder.resolve("tree"));
      Files.createDirectories(tree.resolve(TreeFixture.EBIN));
      for (String line : new String(input, ISO_8859_1).lines().limit(MAX_ENTRIES).toList()) {
        TreeEntry.read(line).make(tree);
      }
      pack(tree, folder.resolve("package"));
    } finally {
      delete(folder);
    }
  }

  private static void pack(Path tree, Path target) throws Exception {
    BuiltApplication application =
        new BuiltApplication(
            tree,
            TreeFixture.MOUNT,
            Path.of(TreeFixture.EBIN),
            Path.of(""),
            List.of("src", "include"),
            PackageFormat.EP,
            Set.of(),
            Map.of("enot_config.json", new byte[] {'{', '}'}));
    Packing packing = new Packer(LIMITS).pack(application, target);
    Property.holds(
        Files.exists(target) == packing instanceof Packing.Packed, "a file that is not told of");
    switch (packing) {
      case Packing.Refused(String sentence) -> Property.printable(sentence);
      case Packing.TooLarge(long limit) -> Property.same(limit, LIMITS.sizeBytes());
      case Packing.Packed packed -> readBack(packed, application);
    }
  }

  private static void readBack(Packing.Packed packed, BuiltApplication application)
      throws Exception {
    Property.same(Files.size(packed.file()), packed.sizeBytes());
    List<String> names = TarWriterFuzz.names(Files.readAllBytes(packed.file()));
    Property.same(names.size(), packed.members());
    Property.holds(names.stream().distinct().count() == names.size(), "a name twice");
    names.forEach(TarWriterFuzz::stays);
    List<Member> members = new MemberCollector(application, LIMITS.members()).collect();
    Property.same(names, members.stream().map(Member::name).toList());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
