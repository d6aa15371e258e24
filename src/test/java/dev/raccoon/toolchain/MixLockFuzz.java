package dev.raccoon.toolchain;

import dev.raccoon.fuzz.FuzzTarget;
import java.util.List;

/** A {@code mix.lock}. */
public final class MixLockFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        "%{\n}\n",
        "%{\"a\": {:git, \"https://x.org/a\", \"" + "0a".repeat(20) + "\", [tag: \"1.0\"]}, # x\n}",
        "%{\"b\" => {:hex, :b, \"1.0.0\", \""
            + "ab".repeat(32)
            + "\", [:mix], [{:c, \"~> 1.0\", [hex: :c, optional: false]}], \"hexpm\", \"\\n\"}}",
        "%{a: nil, \"b c\": [1, true, \"\\\"\"]}");
  }

  @Override
  public void check(byte[] input) {
    LockFiles.holds(MixLock.parse(input));
  }
}
