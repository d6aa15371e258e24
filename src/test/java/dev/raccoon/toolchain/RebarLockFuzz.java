package dev.raccoon.toolchain;

import dev.raccoon.fuzz.FuzzTarget;
import java.util.List;

/** A {@code rebar.lock}. */
public final class RebarLockFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        "[].",
        "[{<<\"a\">>,{git,\"https://u:p@x.org/a\",{ref,\"" + "0a".repeat(20) + "\"}},0}].",
        "{\"1.2.0\",[{<<\"a\">>,{pkg,<<\"b\">>,<<\"1.0.0\">>},0}]}.\n[{pkg_hash,[{<<\"a\">>,<<\""
            + "AB".repeat(32)
            + "\">>}]},{pkg_hash_ext,[{<<\"a\">>,<<\"x\">>}]}].");
  }

  @Override
  public void check(byte[] input) {
    LockFiles.holds(RebarLock.parse(input));
  }
}
