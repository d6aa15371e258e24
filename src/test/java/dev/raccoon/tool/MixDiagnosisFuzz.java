package dev.raccoon.tool;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What mix printed last, when it failed. */
public final class MixDiagnosisFuzz implements FuzzTarget {
  private static final Elixir ELIXIR = new Elixir(Path.of("/opt/elixir"), "1.14.0");

  @Override
  public List<String> seeds() {
    return List.of(
        "== Compilation error in file lib/a.ex ==\n** (CompileError) lib/a.ex:2: undefined function y/0\n",
        "    error: undefined variable \"x\"\n    │\n  3 │     x\n    │     ^\n    └─ lib/a.ex:3:5: A.x/0\n",
        "== Compilation error in file lib/a.ex ==\n** (File.Error) could not read file \"x\"\n    lib/a.ex:2: (module)\n",
        "Unchecked dependencies for environment prod:\n* a (https://git.example.org/a.git)\n  the dependency is not available, run \"mix deps.get\"\n",
        "* Getting a (https://git.example.org/a.git)\nfatal: unable to access\n** (Mix) Command \"git --git-dir=.git fetch\" failed\n",
        "** (Mix) You're trying to run :a on Elixir v1.14.0 but it has declared in its mix.exs file it supports only Elixir ~> 1.17\n",
        "** (Mix) You're trying to run\n** (MiDj)  ",
        "** (Mix) Raccoon has no Hex for the dependency jason\n** (Mix) No package with name x (from: mix.exs) in registry\n",
        "Dependencies have diverged:\n* a (x)\n  different specs\n** (Mix) Can't continue due to errors on dependencies\n\u001b[31m\ud83e\udd9d\u202e\u2028");
  }

  @Override
  public void check(byte[] input) {
    Property.sentence(
        switch (new MixDiagnosis(ELIXIR).of(Property.text(input), 1)) {
          case Finding.Dependency(String what, Optional<String> why) -> what + why.orElse("");
          case Finding.Compiler(String line) -> line;
          case Finding.Toolchain(String sentence) -> sentence;
          case Finding.Unmet(String sentence) -> sentence;
          case Finding.Source(String sentence) -> sentence;
          case Finding.Unclear(String words) -> words;
        });
  }
}
