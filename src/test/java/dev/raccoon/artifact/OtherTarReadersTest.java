package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A package is for programs other than ours: the clients read it with Python's tarfile. */
class OtherTarReadersTest {
  private static final String LONG = "priv/" + "folder/".repeat(20) + "file";
  private static final String ACCENTS = "priv/żółw";
  private static final String LONG_ACCENTS = "priv/" + "ż".repeat(110);

  @TempDir private Path folder;
  private Path tar;

  @BeforeEach
  void pack() throws Exception {
    TreeFixture tree = new TreeFixture(folder.resolve("tree"));
    tree.file(LONG, "long");
    tree.file(ACCENTS, "accents");
    tree.file(LONG_ACCENTS, "both");
    tree.script("priv/run", "rwxr-xr-x");
    tree.generated("enot_config.json", "{}\n".getBytes(UTF_8));
    tar = tree.packed(folder.resolve("demo.ep")).file();
  }

  @Test
  void gnuTarUnpacksItWithoutAWord() throws Exception {
    Path out = Files.createDirectory(folder.resolve("out"));

    String printed =
        OtherProcess.run(List.of(), "tar", "-x", "-f", tar.toString(), "-C", out.toString());

    assertThat(printed).isEmpty();
    assertUnpacked(out);
  }

  @Test
  void pythonsTarfileUnpacksIt() throws Exception {
    assumeTrue(OtherProcess.works(List.of("/usr/bin/python3"), "--version"), "no Python");
    Path out = Files.createDirectory(folder.resolve("out"));
    String program =
        """
        import sys, tarfile
        with tarfile.open(sys.argv[1], 'r:') as tar:
            for m in tar.getmembers():
                print(oct(m.mode), m.uid, m.gid, m.uname, m.gname, int(m.mtime), m.name)
            tar.extractall(sys.argv[2])
        """;

    String printed =
        OtherProcess.runWith(
            Map.of("LC_ALL", "C.UTF-8"),
            List.of("/usr/bin/python3", "-c", program, tar.toString(), out.toString()));

    assertThat(printed.lines())
        .contains(
            "0o755 0 0 root root 315532800 ebin",
            "0o644 0 0 root root 315532800 ebin/demo.beam",
            "0o755 0 0 root root 315532800 priv/run",
            "0o644 0 0 root root 315532800 " + ACCENTS,
            "0o644 0 0 root root 315532800 " + LONG_ACCENTS,
            "0o644 0 0 root root 315532800 " + LONG);
    assertUnpacked(out);
  }

  @Test
  void commonsCompressReadsTheSameNames() throws Exception {
    assertThat(TarContents.read(tar).names()).contains(LONG, ACCENTS, LONG_ACCENTS);
  }

  @Test
  void aPackageOfPlainNamesHasNoExtendedHeaders() throws Exception {
    Path plain = new TreeFixture(folder.resolve("plain")).packed(folder.resolve("plain.ep")).file();

    assertThat(Files.readString(plain, UTF_8))
        .doesNotContain("PaxHeaders")
        .contains("ustar\0" + "00");
    assertThat(Files.readAllBytes(tar)).asString(UTF_8).contains("PaxHeaders");
  }

  /** Our own Java may run in a locale that cannot name these files, so a shell looks at them. */
  private static void assertUnpacked(Path out) throws Exception {
    String script =
        """
        cd "$1"; test "$(cat "$2")" = long; test "$(cat priv/"$(printf '\\305\\274\\303\\263\\305\\202w')")" = accents
        test -x priv/run; test ! -x ebin/demo.beam; test "$(cat enot_config.json)" = "{}"
        grep -rlx both priv | wc -l
        """;
    assertThat(OtherProcess.run(List.of(), "sh", "-ec", script, "sh", out.toString(), LONG).strip())
        .isEqualTo("1");
  }
}
