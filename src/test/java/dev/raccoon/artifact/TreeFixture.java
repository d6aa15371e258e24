package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A built work tree of the application {@code demo} as rebar3 leaves it, to be spoilt by a test.
 */
final class TreeFixture {
  static final String EBIN = "_build/default/lib/demo/ebin";
  static final Path MOUNT = Path.of("/build/demo");

  private final Path root;
  private final Map<String, byte[]> generated = new HashMap<>();
  private Path sourceFolder = Path.of("");
  private List<String> sources = List.of();
  private PackageFormat format = PackageFormat.EP;
  private Set<String> others = Set.of();

  /** An empty tree in {@code root}, with the two files that every compiled application has. */
  TreeFixture(Path root) throws IOException {
    this.root = Files.createDirectories(root);
    file(EBIN + "/demo.app", "{application, demo, []}.");
    file(EBIN + "/demo.beam", "FOR1");
  }

  /** By way of a URI, which gives names beyond ASCII their bytes also where the locale cannot. */
  Path path(String name) {
    String escaped = URLEncoder.encode(name, UTF_8).replace("%2F", "/").replace("+", "%20");
    return Path.of(URI.create("file://" + root.toAbsolutePath() + "/" + escaped));
  }

  Path file(String name, String content) throws IOException {
    Path file = path(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, content);
  }

  Path script(String name, String mode) throws IOException {
    Path file = file(name, "#!/bin/sh\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  Path link(String name, String target) throws IOException {
    Path link = path(name);
    Files.createDirectories(Objects.requireNonNull(link.getParent()));
    return Files.createSymbolicLink(link, Path.of(target));
  }

  /** What only a shell makes: pipes, devices, set-uid bits, names of any bytes. */
  void shell(String script) throws Exception {
    OtherProcess.run(List.of(), "sh", "-ec", "cd \"$1\"; " + script, "sh", root.toString());
  }

  TreeFixture generated(String name, byte[] bytes) {
    generated.put(name, bytes);
    return this;
  }

  TreeFixture withSource() {
    sources = List.of("src", "include");
    return this;
  }

  TreeFixture sourceFolder(String folder) {
    sourceFolder = Path.of(folder);
    return this;
  }

  TreeFixture othersInEbin(String... files) {
    others = Set.of(files);
    return this;
  }

  TreeFixture format(PackageFormat other) {
    format = other;
    return this;
  }

  BuiltApplication application() {
    return new BuiltApplication(
        root, MOUNT, Path.of(EBIN), sourceFolder, sources, format, others, generated);
  }

  /** Packs beside the tree, into a file that is then returned by its members. */
  TarContents pack(Path target) throws IOException {
    return TarContents.read(packed(target).file());
  }

  Packing.Packed packed(Path target) throws IOException {
    Packing packing = packer().pack(application(), target);
    assertThat(packing).isInstanceOf(Packing.Packed.class);
    return (Packing.Packed) packing;
  }

  /** The sentence with which the tree is refused; no file is left. */
  String refusal(Path target) throws IOException {
    Packing packing = packer().pack(application(), target);
    assertThat(packing).isInstanceOf(Packing.Refused.class);
    assertThat(target).doesNotExist();
    return ((Packing.Refused) packing).sentence();
  }

  static Packer packer() {
    return new Packer(new PackageLimits(1 << 20, 1000));
  }
}
