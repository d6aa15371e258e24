package dev.raccoon.tool;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.util.List;
import java.util.Optional;

/** What a package's build printed last, when it failed. */
public final class Rebar3DiagnosisFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        """
        ===> Analyzing applications...
        ===> Compiling src/a.erl failed
        a.erl:4:15: function answer/0 undefined
        a.erl:{2,14}: x
        a.erl:none: y
        """,
        "===> Fetching nobody v1.0.0\n===> Failed to fetch and copy dep: x\n",
        "===> Package not found in any repo: nobody\n",
        "===> Checksum mismatch for package a-1 from repo hexpm\n===> Package not found in any repo: a 1\n",
        "===> The registry repository hexpm uses a record format that\n===> Package not found in any repo: a\n",
        "===> Errors loading plugin rebar3_x. Run rebar3\n===> Unable to run pre hooks\n",
        "===>Paeks...\n===>  ",
        "sh: 1: gcc: \u001b[31mnot found\u001b[0m\n\ud83e\udd9d\u202e\u2028\n");
  }

  @Override
  public void check(byte[] input) {
    Property.sentence(
        switch (new Rebar3Diagnosis().of(Property.text(input), 1)) {
          case Finding.Dependency(String what, Optional<String> why) -> what + why.orElse("");
          case Finding.Unmet(String sentence) -> sentence;
          case Finding.Compiler(String line) -> line;
          case Finding.Toolchain(String sentence) -> sentence;
          case Finding.Source(String sentence) -> sentence;
          case Finding.Unclear(String words) -> words;
        });
  }
}
