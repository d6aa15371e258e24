package dev.raccoon.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a build can leave behind to get at the server's files, time or space. */
@Timeout(60)
class HostileTreeTest {
  private static final String EBIN_MODULE = TreeFixture.EBIN + "/demo.beam";

  @TempDir private Path folder;
  private Path target;
  private Path secret;
  private TreeFixture tree;

  @BeforeEach
  void makeTree() throws Exception {
    target = folder.resolve("demo.ep");
    secret = Files.writeString(folder.resolve("secret"), "secret");
    tree = new TreeFixture(folder.resolve("tree"));
  }

  @AfterEach
  void removeLinks() throws Exception {
    // JUnit would warn of each that leads out of its folder.
    tree.shell("find . -type l -delete");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "/etc",
        "/",
        "/no/such/file",
        "../../secret",
        "../../tree/relx.conf",
        "../../../../../../../../../../../../etc/passwd",
        "/build/demolition/x",
        "/build/demo/../secret",
        "/build",
        "./.././../secret"
      })
  void aLinkThatLeavesTheTreeRefusesThePackage(String leaving) throws Exception {
    tree.file("relx.conf", "");
    tree.link("priv/x", leaving);

    assertThat(tree.refusal(target))
        .isEqualTo("priv/x is a link that leads out of the repository.");
  }

  @Test
  void aLinkThatLeavesByWayOfOthersRefusesThePackage() throws Exception {
    tree.link("away", "..");
    tree.link("farther", "away/tree/away/secret");
    tree.link("priv/x", "../farther");

    assertThat(tree.refusal(target)).contains("priv/x is a link that leads out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"priv", "rel", "relx.conf", "enot_locks.json", "_build/default/lib/demo"})
  void aLinkThatLeavesAtTheTopRefusesThePackage(String name) throws Exception {
    tree.shell("rm -rf " + name);
    tree.link(name, secret.toString());

    assertThat(tree.refusal(target)).contains("is a link that leads out of the repository.");
  }

  @Test
  void aLinkToTheRealFolderOfTheTreeIsOneThatLeaves() throws Exception {
    tree.link("priv/x", tree.path("relx.conf").toString());

    assertThat(tree.refusal(target)).contains("leads out");
  }

  @Test
  void anAbsoluteLinkOfTheSandboxPointsInsideTheTree() throws Exception {
    tree.file("data/real", "inside");
    tree.link("priv/file", "/build/demo/data/real");
    tree.link("priv/folder", "/build/demo/data/");
    tree.link("priv/winding", "/build/demo/priv/folder/../data/./real");

    TarContents members = tree.pack(target);

    assertThat(members.text("priv/file")).isEqualTo("inside");
    assertThat(members.text("priv/folder/real")).isEqualTo("inside");
    assertThat(members.text("priv/winding")).isEqualTo("inside");
    assertThat(members.entries()).noneMatch(entry -> entry.header().isSymbolicLink());
  }

  @Test
  void aDanglingLinkIsLeftOut() throws Exception {
    tree.file("priv/kept", "");
    tree.link("priv/gone", "nothing/here");
    tree.link("priv/through-a-file", "kept/x");
    tree.link("priv/too-long", "x".repeat(300));
    tree.link("priv/gone-too", "/build/demo/nothing");
    tree.link("src", "/build/demo/nothing");

    assertThat(tree.withSource().pack(target).names())
        .filteredOn(name -> !name.startsWith("ebin/"))
        .containsExactly("priv/", "priv/kept");
  }

  @Test
  void linksInACircleEnd() throws Exception {
    tree.link("priv/self", "self");
    tree.link("priv/one", "other");
    tree.link("priv/other", "one");
    tree.link("priv/here", ".");
    tree.link("priv/deep/up", "..");
    tree.link("priv/all", "/build/demo");

    assertThat(tree.pack(target).names())
        .contains("priv/", "priv/deep/", "priv/all/_build/default/lib/demo/ebin/demo.beam")
        .noneMatch(name -> name.matches(".*(self|one|other|here|up).*"));
  }

  @Test
  void linksThatMultiplyAreStoppedByTheCount() throws Exception {
    for (int i = 0; i < 20; i++) {
      tree.link("priv/" + i + "/a", "../" + (i + 1));
      tree.link("priv/" + i + "/b", "../" + (i + 1));
    }
    tree.file("priv/20/end", "");

    assertThat(tree.refusal(target)).isEqualTo("The build left more than 1000 files to pack.");
  }

  @Test
  void linksTooWindingToFollowAreStopped() throws Exception {
    tree.file("a/x", "");
    String winding = "a/../".repeat(700);
    for (int i = 0; i < 39; i++) {
      tree.link("l" + i, i == 0 ? winding + "a" : winding + "l" + (i - 1));
    }
    for (int i = 0; i < 10; i++) {
      tree.link("priv/" + i, "../l38");
    }

    assertThat(tree.refusal(target))
        .isEqualTo("The links that the build left are too many to follow.");
  }

  @Test
  void aPipeIsRefusedAndNotOpened() throws Exception {
    tree.shell("mkdir priv; mkfifo priv/pipe");

    assertThat(tree.refusal(target))
        .isEqualTo(
            "priv/pipe is a pipe, a socket or a device: a package holds files and folders only.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"priv", "rel", "relx.conf", "enot_locks.json", EBIN_MODULE})
  void aPipeInAnyPlaceIsRefused(String name) throws Exception {
    tree.shell("rm -f " + name + "; mkfifo " + name);

    assertThat(tree.refusal(target)).startsWith(name.replace(EBIN_MODULE, "ebin/demo.beam"));
  }

  @Test
  void aLinkToAPipeIsRefused() throws Exception {
    tree.shell("mkdir priv; mkfifo pipe; ln -s ../pipe priv/x");

    assertThat(tree.refusal(target)).startsWith("priv/x is a pipe");
  }

  @Test
  void aSocketIsRefused() throws Exception {
    Path socket = folder.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.createDirectory(tree.path("priv"));
      Files.move(socket, tree.path("priv/socket"));

      assertThat(tree.refusal(target)).startsWith("priv/socket is a pipe, a socket or a device");
    }
  }

  @Test
  void aDeviceIsRefused() throws Exception {
    Files.createDirectory(tree.path("priv"));
    assumeTrue(
        OtherProcess.works(List.of(), "mknod", tree.path("priv/zero").toString(), "c", "1", "5"),
        "only root makes device nodes");

    assertThat(tree.refusal(target)).startsWith("priv/zero is a pipe, a socket or a device");
  }

  @Test
  void aHardLinkIsJustAFile() throws Exception {
    Path one = tree.file("priv/one", "same");
    Files.createLink(tree.path("priv/two"), one);

    TarContents members = tree.pack(target);

    assertThat(members.text("priv/two")).isEqualTo("same");
    assertThat(members.header("priv/two").isFile()).isTrue();
    assertThat(members.header("priv/two").isLink()).isFalse();
  }

  @Test
  void setUserIdAndStickyBitsAreDropped() throws Exception {
    tree.shell(
        "mkdir priv; touch priv/run priv/data; chmod 6777 priv/run priv; chmod 7666 priv/data");

    TarContents members = tree.pack(target);

    assertThat(members.header("priv/run").getMode()).isEqualTo(0755);
    assertThat(members.header("priv/data").getMode()).isEqualTo(0644);
    assertThat(members.header("priv/").getMode()).isEqualTo(0755);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\\nb",
        "a\\rb",
        "\\033[31m",
        "\\177",
        "\\303\\050",
        "\\377",
        "back\\134slash",
        "\\302\\205",
        "\\342\\200\\256"
      })
  void anOddNameIsRefused(String printf) throws Exception {
    tree.shell("mkdir priv; touch \"priv/$(printf '" + printf + "')\"");

    assertThat(tree.refusal(target))
        .startsWith("The file name ")
        .endsWith("rename the file.")
        .matches("[\\x20-\\x7e\ufffd]*");
  }

  @Test
  void aSparseFileIsTooLargeBeforeItIsRead() throws Exception {
    tree.file("priv/x", "");
    try (RandomAccessFile sparse = new RandomAccessFile(tree.path("priv/x").toFile(), "rw")) {
      sparse.setLength(10L << 30);
    }

    assertThat(TreeFixture.packer().pack(tree.application(), target))
        .isEqualTo(new Packing.TooLarge(1 << 20));
    assertThat(target).doesNotExist();
  }

  @Test
  void theLimitIsThePackagesOwnLength() throws Exception {
    tree.file("priv/" + "long".repeat(40), "x".repeat(1000));
    long exact = tree.packed(folder.resolve("first.ep")).sizeBytes();

    assertThat(new Packer(new PackageLimits(exact, 10)).pack(tree.application(), target))
        .isInstanceOf(Packing.Packed.class);
    assertThat(
            new Packer(new PackageLimits(exact - 1, 10))
                .pack(tree.application(), folder.resolve("no.ep")))
        .isEqualTo(new Packing.TooLarge(exact - 1));
  }

  @Test
  void moreFilesThanAllowedAreRefused() throws Exception {
    tree.shell("mkdir priv; cd priv; seq 1 1100 | xargs touch");

    assertThat(tree.refusal(target)).isEqualTo("The build left more than 1000 files to pack.");
  }

  @Test
  void foldersNestedTooDeepAreRefused() throws Exception {
    tree.shell(
        "mkdir priv; cd priv; n=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;"
            + " for i in $(seq 100); do mkdir $n; cd -P $n; done");
    try {
      assertThat(tree.refusal(target)).endsWith("are nested too deep.");
    } finally {
      tree.shell("rm -rf priv");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "grown and grown"})
  void aFileThatChangesItsSizeIsRefused(String later) throws Exception {
    Path file = tree.file("priv/x", "before");
    List<Member> members = new MemberCollector(tree.application(), 100).collect();
    Files.writeString(file, later);

    assertThatThrownBy(() -> Packer.write(members, target))
        .isInstanceOf(RefusedException.class)
        .hasMessage("priv/x changed its size while it was packed.");
    assertThat(target).doesNotExist();
  }

  @Test
  void aFileThatBecameALinkIsNotFollowed() throws Exception {
    Path file = tree.file("priv/x", "secret");
    List<Member> members = new MemberCollector(tree.application(), 100).collect();
    Files.delete(file);
    Files.createSymbolicLink(file, secret);

    assertThatThrownBy(() -> Packer.write(members, target)).isInstanceOf(IOException.class);
    assertThat(target).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chmod 0 priv/x", "chmod 0 priv/f", "chmod 0 priv", "chmod 444 priv"})
  void whatCannotBeReadIsRefused(String script) throws Exception {
    assumeFalse(System.getProperty("user.name").equals("root"), "root may read everything");
    tree.file("priv/x", "");
    tree.file("priv/f/y", "");
    tree.shell(script);
    try {
      assertThat(tree.refusal(target)).endsWith(" without permission to read it.");
    } finally {
      tree.shell("chmod 700 priv; chmod 700 priv/*");
    }
  }

  @Test
  void theServersOwnTroubleIsAnException() throws Exception {
    assertThatThrownBy(() ->
            TreeFixture.packer().pack(tree.application(), folder.resolve("no/such/folder/demo.ep")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
