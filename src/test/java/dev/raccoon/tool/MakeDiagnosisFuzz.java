package dev.raccoon.tool;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.util.List;
import java.util.Optional;

/** What make printed last, when it failed. */
public final class MakeDiagnosisFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        " ERLC   a.erl\nsrc/a.erl:3:4: syntax error before: '->'\n%    3| a() ->>\n%     |   ^\n",
        " DEP    cowlib (1.0)\nmake: *** [erlang.mk:1365: /build/p/deps/cowlib] Error 2\n",
        "Error: No Makefile to build dependency /build/p/deps/rb.\n",
        "Cloning into 'deps/foo'...\nfatal: unable to access 'http://x/': Could not resolve host\n",
        "Makefile:2: erlang.mk: No such file or directory\ncurl: (6) Could not resolve host: x\n",
        "/bin/sh: 1: nogcc: not found\nmake: nogcc: No such file or directory\n",
        "c_src/x.c:1:10: fatal error: x.h: No such file or directory\n/usr/bin/ld: cannot find -lx\n",
        "{\"init terminating in do_boot\",{undef,[{crypto,hmac,[a],[]},{x\n",
        "make: *** No rule to make target 'x', needed by 'y'.  Stop.\n\u001b[31m\ud83e\udd9d\u202e\u2028");
  }

  @Override
  public void check(byte[] input) {
    Property.sentence(
        switch (new MakeDiagnosis().of(Property.text(input), 2)) {
          case Finding.Dependency(String what, Optional<String> why) -> what + why.orElse("");
          case Finding.Unmet(String sentence) -> sentence;
          case Finding.Compiler(String line) -> line;
          case Finding.Toolchain(String sentence) -> sentence;
          case Finding.Source(String sentence) -> sentence;
          case Finding.Unclear(String words) -> words;
        });
  }
}
