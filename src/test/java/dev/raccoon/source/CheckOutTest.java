package dev.raccoon.source;

import static dev.raccoon.source.SourceFixture.DEMO;
import static dev.raccoon.source.SourceFixture.asked;
import static dev.raccoon.source.SourceFixture.fetched;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.testing.GitRepository;
import dev.raccoon.value.Ref;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckOutTest {
  private static final String TOO_LARGE =
      "odd has more than 200000 files and folders or 2 GiB, which is more than can be built here.";

  @TempDir private Path folder;
  private SourceFixture fixture;
  private GitRepository demo;
  private Path tree;

  @BeforeEach
  void makeTheOrigin() throws Exception {
    fixture = new SourceFixture(folder);
    demo = fixture.demo();
    tree = folder.resolve("tree");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0.0", "1.1.0"})
  void aWorkTreeHasItsOneTagAndGitDescribesItByThat(String tag) throws Exception {
    fixture.fetch("1.0.0", "1.1.0", "main").checkOut(new Ref(tag), tree);

    assertThat(fixture.lines(tree, "describe", "--tags")).containsExactly(tag);
    assertThat(fixture.lines(tree, "for-each-ref", "--format=%(refname)"))
        .containsExactly("refs/tags/" + tag);
    assertThat(fixture.lines(tree, "rev-parse", "HEAD")).containsExactly(demo.commitOf(tag));
    assertThat(fixture.lines(tree, "status", "--porcelain")).isEmpty();
    assertThat(tree.resolve("src/demo.erl")).hasContent(demo.git("show", tag + ":src/demo.erl"));
  }

  // A new repository is on the branch main, before it has one.
  @ParameterizedTest
  @ValueSource(strings = {"main", "master", "release/2.0"})
  void aBranchOfAnyNameIsCheckedOut(String branch) throws Exception {
    demo.branch("release/2.0", "1.1.0");
    demo.branch("master", "1.0.0");

    fixture.fetch(branch).checkOut(new Ref(branch), tree);

    assertThat(fixture.lines(tree, "rev-parse", "HEAD")).containsExactly(demo.commitOf(branch));
    assertThat(fixture.lines(tree, "status", "--porcelain")).isEmpty();
    assertThat(tree.resolve("rebar.config")).exists();
  }

  @Test
  void aCommitIsCheckedOut() throws Exception {
    String id = demo.commitOf("1.0.1");

    fixture.fetch(id).checkOut(new Ref(id), tree);

    assertThat(fixture.lines(tree, "rev-parse", "HEAD")).containsExactly(id);
    assertThat(fixture.lines(tree, "status", "--porcelain")).isEmpty();
  }

  @Test
  void aWorkTreeSharesNothingWithWhereItCameFrom() throws Exception {
    fixture.fetch("1.0.0").checkOut(new Ref("1.0.0"), tree);

    assertThat(tree.resolve(".git/objects/info/alternates")).doesNotExist();
    // Nor does it show how its host packs things.
    assertThat(fixture.lines(tree, "count-objects", "-v")).contains("packs: 0");
    try (Stream<Path> files = Files.walk(tree)) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(1));
    }
  }

  @Test
  void aWorkTreeSaysNothingOfWhenAndFromWhereItCame() throws Exception {
    fixture.fetch("1.1.0").checkOut(new Ref("1.1.0"), tree);
    Path elsewhere = folder.resolve("elsewhere");
    SourceRepository other =
        fetched(
            fixture.fetcher.fetch(
                DEMO, asked("1.0.0", "1.1.0"), elsewhere.resolve("other.git"), request -> {}));
    other.checkOut(new Ref("1.1.0"), elsewhere.resolve("tree"));

    assertThat(files(tree)).isEqualTo(files(elsewhere.resolve("tree")));
    assertThat(tree.resolve(".git/FETCH_HEAD")).doesNotExist();
    assertThat(tree.resolve(".git/logs")).doesNotExist();
    assertThat(files(tree).values()).noneMatch(hex -> hex.contains(hex(folder.toString())));
  }

  @Test
  void whatWasNotFetchedIsNotCheckedOut() throws Exception {
    SourceRepository repository = fixture.fetch("1.0.0");

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> repository.checkOut(new Ref("1.1.0"), tree));
  }

  @Test
  void aTreeOfMoreFilesThanCanBeWrittenIsRefusedBeforeOneIs() throws Exception {
    String content = blob(1);
    for (int level = 0; level < 10; level++) {
      content = tree(10, level == 0 ? "100644" : "40000", content);
    }

    assertThat(checkOutOf(content)).isEqualTo(new CheckOutResult.Refused(TOO_LARGE));
    assertThat(tree).doesNotExist();
  }

  /** Nothing in it is a file: who counts files alone walks a million million folders. */
  @Test
  void aTreeOfMoreFoldersThanCanBeMadeIsRefusedBeforeOneIs() throws Exception {
    String content = tree(0, "40000", "");
    for (int level = 0; level < 12; level++) {
      content = tree(10, "40000", content);
    }

    assertThat(checkOutOf(content)).isEqualTo(new CheckOutResult.Refused(TOO_LARGE));
    assertThat(tree).doesNotExist();
  }

  @Test
  void aCommitThatIsItselfLargeIsRefusedBeforeItIsCopied() throws Exception {
    byte[] message = new byte[2 << 20];
    Arrays.fill(message, (byte) 'x');
    String content = tree(1, "100644", blob(1));
    demo.tag("odd", demo.git("commit-tree", "-F", file(message), content));

    assertThat(fixture.fetch("odd").checkOut(new Ref("odd"), tree))
        .isEqualTo(
            new CheckOutResult.Refused("odd has a commit or tag of more than 1 MiB of text."));
    assertThat(tree).doesNotExist();
  }

  /** A conversion can make a file many times as large as what was measured. */
  @Test
  void filesAreAsTheRepositoryHasThemWhateverItsAttributesAskFor() throws Exception {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    entry(content, ".gitattributes", "* text eol=crlf working-tree-encoding=UTF-32LE ident\n");
    entry(content, "converted.txt", "$Id$ a\nb\n");
    String root = demo.git("hash-object", "-w", "-t", "tree", file(content.toByteArray()));
    demo.tag("odd", demo.git("commit-tree", "-m", "Odd", root));

    fixture.fetch("odd").checkOut(new Ref("odd"), tree);

    assertThat(tree.resolve("converted.txt")).hasContent("$Id$ a\nb\n");
    assertThat(Files.size(tree.resolve("converted.txt"))).isEqualTo(9);
    assertThat(fixture.lines(tree, "status", "--porcelain")).isEmpty();
  }

  @Test
  void aTreeOfMoreBytesThanCanBeWrittenIsRefusedBeforeOneIs() throws Exception {
    String content = tree(10, "40000", tree(300, "100644", blob(1 << 20)));

    assertThat(checkOutOf(content)).isEqualTo(new CheckOutResult.Refused(TOO_LARGE));
    assertThat(tree).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(ints = {252, 253, 300, 4000})
  void aFileNameThatNoFileSystemTakesIsTheRepositorysFault(int length) throws Exception {
    CheckOutResult result = checkOutOf(tree(1, "100644", blob(1), "x".repeat(length)));

    assertThat(result)
        .isEqualTo(
            length + 3 <= 255
                ? new CheckOutResult.Made()
                : new CheckOutResult.Refused(
                    "odd has a file whose name is too long, or is none that git writes."));
  }

  private void entry(ByteArrayOutputStream tree, String name, String text) throws IOException {
    tree.writeBytes(("100644 " + name + "\0").getBytes(UTF_8));
    tree.writeBytes(
        HexFormat.of().parseHex(demo.git("hash-object", "-w", file(text.getBytes(UTF_8)))));
  }

  private CheckOutResult checkOutOf(String content) throws Exception {
    demo.tag("odd", demo.git("commit-tree", "-m", "Odd", content));
    return fixture.fetch("odd").checkOut(new Ref("odd"), tree);
  }

  private String blob(int bytes) throws IOException {
    return demo.git("hash-object", "-w", file(new byte[bytes]));
  }

  /** A tree of {@code count} entries that are all the same. */
  private String tree(int count, String mode, String id) throws IOException {
    return tree(count, mode, id, "");
  }

  private String tree(int count, String mode, String id, String name) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      content.writeBytes("%s %s%03d\0".formatted(mode, name, i).getBytes(UTF_8));
      content.writeBytes(HexFormat.of().parseHex(id));
    }
    return demo.git("hash-object", "-w", "-t", "tree", file(content.toByteArray()));
  }

  private String file(byte[] content) throws IOException {
    return Files.write(folder.resolve("content"), content).toString();
  }

  @Test
  void nothingOfTheRepositoryOrOfTheUserRuns() throws Exception {
    Path mark = folder.resolve("it-ran");
    String touch = "touch " + mark;
    demo.commitFile(".gitattributes", "* filter=evil diff=evil merge=evil\n");
    demo.commitFile(".gitmodules", "[submodule \"x\"]\n\tpath = x\n\turl = ext::" + touch + "\n");
    demo.commitFile("hooks/post-checkout", "#!/bin/sh\n" + touch + "\n");
    demo.tag("3.0.0", "main");
    hook(demo.path().resolve("hooks/post-checkout"), touch);
    hook(demo.path().resolve("hooks/pre-upload-pack"), touch);
    demo.git("config", "core.fsmonitor", touch);
    demo.git("config", "uploadpack.packObjectsHook", touch);
    demo.git("config", "filter.evil.smudge", touch);

    // As if the server's user had a configuration.
    Path hooks = folder.resolve("hooks");
    hook(hooks.resolve("post-checkout"), touch);
    hook(hooks.resolve("reference-transaction"), touch);
    Files.writeString(
        folder.resolve("git/.gitconfig"),
        """
        [core]
        	hooksPath = %s
        	fsmonitor = %s
        [filter "evil"]
        	smudge = %s
        [protocol]
        	allow = always
        """
            .formatted(hooks, touch, touch));

    fixture.fetch("3.0.0").checkOut(new Ref("3.0.0"), tree);

    assertThat(tree.resolve("hooks/post-checkout")).exists();
    assertThat(mark).doesNotExist();
  }

  @Test
  void onlyOurOwnConfigurationCounts() throws Exception {
    assertThat(fixture.lines(folder, "config", "--list", "--show-origin", "--name-only"))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("file:" + folder.resolve("git/gitconfig") + "\t"));
  }

  /** Each file's bytes as hexadecimal digits; git's index has the time in it. */
  private static Map<String, String> files(Path tree) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path file : all.filter(CheckOutTest::isFile).toList()) {
        files.put(
            tree.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    files.remove(".git/index");
    return files;
  }

  private static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }

  private static void hook(Path file, String command) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, "#!/bin/sh\n" + command + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
