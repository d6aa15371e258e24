package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.value.Sha256;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackerTest {
  @TempDir private Path folder;
  private Path target;
  private TreeFixture tree;

  @BeforeEach
  void makeTree() throws Exception {
    target = folder.resolve("demo.ep");
    tree = new TreeFixture(folder.resolve("tree"));
  }

  @Test
  void packsTheCompiledApplicationAndTheGeneratedConfiguration() throws Exception {
    tree.generated("enot_config.json", "{}\n".getBytes(UTF_8));

    TarContents members = tree.pack(target);

    assertThat(members.names())
        .containsExactly("ebin/", "ebin/demo.app", "ebin/demo.beam", "enot_config.json");
    assertThat(members.text("ebin/demo.beam")).isEqualTo("FOR1");
    assertThat(members.text("enot_config.json")).isEqualTo("{}\n");
  }

  @Test
  void answersTheDigestLengthAndCountOfWhatItWrote() throws Exception {
    Packing.Packed packed = tree.packed(target);

    assertThat(packed.file()).isEqualTo(target);
    assertThat(packed.digest()).isEqualTo(Sha256.of(target));
    assertThat(packed.sizeBytes()).isEqualTo(Files.size(target)).isEqualTo(512L * (1 + 2 + 2 + 2));
    assertThat(packed.members()).isEqualTo(3);
  }

  @Test
  void packsWhatAReleaseNeeds() throws Exception {
    tree.file("rel/sys.config", "[].");
    tree.file("relx.conf", "{release, {demo, \"1\"}, [demo]}.");

    assertThat(tree.pack(target).names()).contains("rel/", "rel/sys.config", "relx.conf");
  }

  @Test
  void packsTheSourceOnlyWhenAsked() throws Exception {
    tree.file("src/demo.erl", "-module(demo).");
    tree.file("include/demo.hrl", "");

    assertThat(tree.pack(target).names()).doesNotContain("src/demo.erl", "include/demo.hrl");
    assertThat(tree.withSource().pack(folder.resolve("again.ep")).names())
        .contains("src/demo.erl", "include/demo.hrl");
  }

  @Test
  void neverPacksNativeSourceOrAnythingElseOfTheTree() throws Exception {
    tree.file("c_src/nif.c", "");
    tree.file(".git/config", "");
    tree.file("rebar.config", "");
    tree.file("_build/default/lib/other/ebin/other.beam", "");

    assertThat(tree.withSource().pack(target).names())
        .containsExactly("ebin/", "ebin/demo.app", "ebin/demo.beam");
  }

  @Test
  void leavesOutWhatIsAnotherApplicationsInTheSameFolder() throws Exception {
    tree.file(TreeFixture.EBIN + "/other.app", "");
    tree.file(TreeFixture.EBIN + "/other.beam", "");
    tree.file("priv/other.beam", "data");

    assertThat(tree.othersInEbin("other.app", "other.beam").pack(target).names())
        .containsExactly("ebin/", "ebin/demo.app", "ebin/demo.beam", "priv/", "priv/other.beam");
  }

  @Test
  void packsTheLocksOfItsOwnFormat() throws Exception {
    tree.file("enot_locks.json", "enot");
    tree.file("coon_locks.json", "coon");

    assertThat(tree.pack(target).names())
        .contains("enot_locks.json")
        .doesNotContain("coon_locks.json");
    assertThat(tree.format(PackageFormat.CP).pack(folder.resolve("demo.cp")).names())
        .contains("coon_locks.json")
        .doesNotContain("enot_locks.json");
  }

  @Test
  void aGeneratedFileWinsOverTheTrees() throws Exception {
    tree.file("enot_locks.json", "theirs");
    tree.file("relx.conf", "theirs");
    tree.generated("enot_locks.json", "ours".getBytes(UTF_8));
    tree.generated("relx.conf", "ours".getBytes(UTF_8));

    assertThat(tree.pack(target).entries().stream().map(TarContents.Entry::text))
        .contains("ours")
        .doesNotContain("theirs");
  }

  @Test
  void followsTheLinkToTheSourcesPrivFolder() throws Exception {
    tree.file("priv/deep/er/lib.so", "ELF");
    tree.link("_build/default/lib/demo/priv", "../../../../priv");

    assertThat(tree.pack(target).names())
        .contains("priv/", "priv/deep/", "priv/deep/er/", "priv/deep/er/lib.so");
  }

  @Test
  void takesTheSourcesPrivFolderWhereTheBuildsLinkDangles() throws Exception {
    tree.sourceFolder("apps/demo").file("apps/demo/priv/schema", "yes");
    tree.file("priv/schema", "no");
    tree.link("_build/default/lib/demo/priv", "../../../../apps/nothing/priv");

    assertThat(tree.pack(target).text("priv/schema")).isEqualTo("yes");
  }

  @Test
  void anApplicationOfAnUmbrellaBringsItsOwnFolders() throws Exception {
    tree.file("src/other.erl", "");
    tree.file("apps/demo/src/demo.erl", "");
    tree.file("enot_locks.json", "of all");

    assertThat(tree.withSource().sourceFolder("apps/demo").pack(target).names())
        .contains("src/demo.erl", "enot_locks.json")
        .doesNotContain("src/other.erl");
  }

  @Test
  void headersTellNothingOfWhoPackedAndWhen() throws Exception {
    tree.script("priv/run", "rwx--x---");
    tree.file("priv/data", "");

    TarContents members = tree.pack(target);

    assertThat(members.entries().stream().map(TarContents.Entry::header))
        .allSatisfy(header -> {
          assertThat(header.getLongUserId()).isZero();
          assertThat(header.getLongGroupId()).isZero();
          assertThat(header.getUserName()).isEqualTo("root");
          assertThat(header.getGroupName()).isEqualTo("root");
          assertThat(header.getLastModifiedTime().toInstant())
              .isEqualTo(Instant.parse("1980-01-01T00:00:00Z"));
        });
    assertThat(members.header("priv/").getMode()).isEqualTo(0755);
    assertThat(members.header("priv/run").getMode()).isEqualTo(0755);
    assertThat(members.header("priv/data").getMode()).isEqualTo(0644);
  }

  @Test
  void anExistingTargetIsTheCallersMistakeAndStays() throws Exception {
    Files.writeString(target, "precious");

    assertThatThrownBy(() -> TreeFixture.packer().pack(tree.application(), target))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(target).hasContent("precious");
  }

  @Test
  void aBuildWithoutItsEbinFolderIsRefused() throws Exception {
    tree.shell("rm -r _build");

    assertThat(tree.refusal(target))
        .isEqualTo(
            "The build left no folder _build/default/lib/demo/ebin, so there is nothing to pack.");
  }
}
