package dev.raccoon.tool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitTroubleTest {
  @Test
  void whatGitSaysIsTold() {
    told(
        "fatal: repository 'http://git.example.org/nobody.git/' not found\n",
        "there is no repository at https://git.example.org/nobody.git.");
    told(
        """
        warning: Could not find remote branch 9.9.9 to clone.
        fatal: Remote branch 9.9.9 not found in upstream origin
        """,
        "its repository has no 9.9.9.");
    told("fatal: couldn't find remote ref 1.0.0\n", "its repository has no 1.0.0.");
    told("fatal: reference is not a tree: 0123\n", "its repository has no 0123.");
    told(
        "error: pathspec '9.9' did not match any file(s) known to git\n",
        "its repository has no 9.9.");
    told("fatal: the remote end hung up\n", "git says: the remote end hung up");
  }

  @Test
  void whereRebar3KeepsThatToItselfWhatItWantedIsTold() {
    told(
        """
        ===> Fetching other (from {git,"https://git.example.org/other.git",{tag,"1.0.0"}})
        ===> Fetching demo (from {git,"https://git.example.org/demo.git",
                        {ref,"0123456789012345678901234567890123456789"}})
        ===> Failed to fetch and copy dep: {git,"https://git.example.org/demo.git",
                                          {ref,
                                              "0123456789012345678901234567890123456789"}}
        """,
        "git could not fetch the commit 0123456789012345678901234567890123456789 of"
            + " https://git.example.org/demo.git.");
    told(
        "===> Fetching demo (from {git,\"https://git.example.org/demo.git\"})\n",
        "git could not fetch https://git.example.org/demo.git.");
  }

  @Test
  void nothingIsToldOfWhatIsNotGits() {
    assertThat(GitTrouble.in("")).isEmpty();
    assertThat(GitTrouble.in("===> Fetching x v1.0.0\n")).isEmpty();
    assertThat(GitTrouble.in("fatal: x\n==> rebar3 compile, with OTP 27.1\ny\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "a",
        "\n",
        "fatal: ",
        "fatal: repository '",
        "===> Fetching a (from {git,\"",
        "\"",
        ","
      })
  void hostileOutputIsReadInNoTime(String piece) {
    String output = piece.repeat(256 * 1024 / piece.length());

    assertThat(GitTrouble.in("fatal: repository '" + output)).isPresent();
    assertThat(GitTrouble.in(output).orElse("")).hasSizeLessThan(400);
  }

  private static void told(String printed, String words) {
    assertThat(GitTrouble.in(printed)).contains(words);
  }
}
