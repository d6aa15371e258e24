package dev.raccoon.toolchain;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.util.List;

/** An {@code ebin/demo.app}. */
public final class AppFileFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        "{application,demo,[{description,\"An example\"},{vsn,\"1.0.0\"},{modules,[demo]}]}.",
        "{application, demo, [{vsn, <<\"1.0.0+1\">>}, {description, \"a\\e[31m\\x{202e}b\\n\"}]}.",
        "{application, 'other', [{vsn, []}]}.",
        "{application, demo, [{vsn, \"../1\"}, {description, <<\"\\x{1F99D}\"/utf8>>}]}.");
  }

  @Override
  public void check(byte[] input) {
    switch (AppFile.parse("demo.app", input)) {
      case AppFile.Result.Refused(String sentence) -> Property.sentence(sentence);
      case AppFile.Result.Read(AppFile app) -> accepted(app);
    }
  }

  private static void accepted(AppFile app) {
    Property.same(app.name(), "demo");
    Property.holds(app.vsn().length() <= 100, "a version that is too long");
    Property.holds(app.vsn().chars().allMatch(c -> c >= ' ' && c < 0x7F), "more than plain ASCII");
    Property.holds(app.vsn().matches("[^.-][^/\\\\]*"), "no plain version");
    String description = app.description();
    Property.printable(description);
    Property.holds(
        description.codePointCount(0, description.length()) <= 1000,
        "a description that is too long");
  }
}
