package dev.raccoon.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.InvalidValueException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmoduleListTest {
  private static final CloneUrl OUTER = CloneUrl.parse("https://git.example.org/outer.git");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc",
        "/etc",
        "ext::sh -c 'touch /tmp/x'",
        "ssh://git@git.example.org/demo.git",
        "git@git.example.org:demo.git",
        "git://git.example.org/demo.git",
        "http://git.example.org/demo.git",
        "--upload-pack=touch",
        "https://name:secret@git.example.org/demo.git",
        "",
        "../../b",
        "../../../b",
        "..",
        "../..//evil.example.org/b"
      })
  void anAddressThatIsNotPlainHttpsOrLeadsOutOfItsHostIsNone(String url) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> SubmoduleList.address(url, OUTER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../out",
        "a/../../out",
        "/etc",
        ".git/hooks",
        "a/.GIT",
        "-x",
        "a//b",
        ".",
        "",
        "a/"
      })
  void aPathThatLeadsElsewhereIsNone(String path) {
    assertThat(SubmoduleList.isPath(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "c_src/lib-1.0/x y", ".github", "a/.gitx", "…/é"})
  void pathsMayHavePlainNames(String path) {
    assertThat(SubmoduleList.isPath(path)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "../b.git, https://git.example.org/b.git",
    "./b.git, https://git.example.org/outer.git/b.git",
    "../c/b, https://git.example.org/c/b",
    "../././b, https://git.example.org/b",
    "https://other.example.org/b, https://other.example.org/b"
  })
  void addressesAreRelativeToTheRepositoryAroundThem(String written, String address) {
    assertThat(SubmoduleList.address(written, OUTER)).isEqualTo(CloneUrl.parse(address));
  }
}
