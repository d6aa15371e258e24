package dev.raccoon.toolchain;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.util.List;

/** A {@code raccoon.yaml}. */
public final class ProjectFileFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        "erlang: [25, \"27.3.4\"]\nbuild_tool: rebar3\napplication: demo\n",
        "environment:\n  CFLAGS: -O2\n  N: 1\nbefore:\n  - |\n    a\n    b\nafter: ['x', \"y\\t\"]\n",
        "a: &a [x]\nb: *a\n---\n%YAML 1.2\n--- !!t {? k : v}\n...\n");
  }

  @Override
  public void check(byte[] input) {
    switch (ProjectFile.parse(input)) {
      case ProjectFile.Refused(String sentence) -> Property.sentence(sentence);
      case ProjectFile.Read(ProjectSettings settings) -> {
        settings.buildTool().ifPresent(Property::printable);
        settings.application().ifPresent(name -> Property.holds(AppFile.isName(name), "no name"));
        settings
            .environment()
            .forEach((name, value) -> {
              Property.printable(name);
              Property.holds(value.indexOf('\0') < 0, "no value of a variable");
            });
        settings.before().forEach(one -> Property.holds(!one.isBlank(), "no command"));
        settings.after().forEach(one -> Property.holds(one.indexOf('\0') < 0, "no command"));
      }
    }
  }
}
