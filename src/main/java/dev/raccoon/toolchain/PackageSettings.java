package dev.raccoon.toolchain;

import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpSelector;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the server itself takes from a package configuration, beside its dependencies. A setting of
 * another kind than it should be refuses the build, since its author means something by it; null is
 * as good as nothing.
 */
final class PackageSettings {
  private static final String ERLANG = "erlang";

  private PackageSettings() {}

  /** The sentence that says which of {@code settings}, of the file {@code name}, is wrong. */
  static Optional<String> refusal(String name, Map<String, JsonNode> settings) {
    if (isWrong(settings.get("app_vsn"), JsonNode::isString)) {
      return Optional.of(name + ": app_vsn must be a text, such as \"1.0.0\".");
    }
    if (isWrong(settings.get("with_source"), JsonNode::isBoolean)) {
      return Optional.of(name + ": with_source must be true or false.");
    }
    return isWrong(settings.get(ERLANG), PackageSettings::isListOfVersions)
        ? Optional.of(
            name + ": erlang must be a list of OTP versions, such as [\"25\", \"27.3.4\"].")
        : Optional.empty();
  }

  private interface Check {
    boolean holds(JsonNode value);
  }

  private static boolean isWrong(@Nullable JsonNode value, Check check) {
    return value != null && !value.isNull() && !check.holds(value);
  }

  /** Strings or, as some write them, numbers: whether there are such versions is another thing. */
  private static boolean isListOfVersions(JsonNode list) {
    return list.isArray()
        && list.valueStream().allMatch(entry -> entry.isString() || entry.isInt());
  }

  /** The OTP versions that {@code settings} ask for, each once; what is none is noted. */
  static List<OtpSelector> erlang(Map<String, JsonNode> settings, List<String> notes) {
    JsonNode list = settings.get(ERLANG);
    if (list == null || !isListOfVersions(list)) {
      return List.of();
    }
    Set<OtpSelector> asked = new LinkedHashSet<>();
    int malformed = 0;
    for (JsonNode entry : list) {
      Optional<OtpSelector> selector = selector(entry.asString());
      selector.ifPresent(asked::add);
      malformed += selector.isPresent() ? 0 : 1;
    }
    if (malformed > 0) {
      notes.add("erlang has " + malformed + " entries that are no OTP version.");
    }
    if (asked.size() > RepositoryConfig.MAX_ERLANG) {
      notes.add(
          "erlang has more than "
              + RepositoryConfig.MAX_ERLANG
              + " versions: the rest is left out.");
    }
    return asked.stream().limit(RepositoryConfig.MAX_ERLANG).toList();
  }

  private static Optional<OtpSelector> selector(String text) {
    try {
      return Optional.of(OtpSelector.parse(text));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }
}
