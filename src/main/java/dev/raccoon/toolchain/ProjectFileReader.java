package dev.raccoon.toolchain;

import dev.raccoon.toolchain.YamlNode.Entry;
import dev.raccoon.toolchain.YamlNode.Kind;
import dev.raccoon.toolchain.YamlNode.Mapping;
import dev.raccoon.toolchain.YamlNode.Scalar;
import dev.raccoon.toolchain.YamlNode.Sequence;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpSelector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Makes settings of what {@code raccoon.yaml} holds. Its keys, types and limits are those of {@code
 * docs/raccoon.schema.json}; a test holds both together.
 */
final class ProjectFileReader {
  static final List<String> KEYS =
      List.of("erlang", "build_tool", "application", "environment", "before", "after");
  static final int MAX_COMMANDS = 20;
  static final int MAX_COMMAND_LENGTH = 4000;
  static final int MAX_VARIABLES = 50;
  static final int MAX_VALUE_LENGTH = 4000;

  static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]{0,99}");
  private static final Pattern VALUE = Pattern.compile("[\\P{Cc}\\t\\n]*");

  /** Raccoon gives these itself: a package that sets them would not be built as all others are. */
  static final Set<String> OWN =
      Set.of("PATH", "HOME", "PWD", "LANG", "TERM", "ERL_COMPILER_OPTIONS", "MIX_ENV");

  static final List<String> OWN_BEGINNINGS = List.of("GIT_", "REBAR_", "HEX_", "MIX_", "RACCOON_");
  static final String OWN_END = "_PROXY";

  private ProjectFileReader() {}

  static ProjectSettings settings(YamlNode root) {
    Map<String, YamlNode> values = new LinkedHashMap<>();
    for (Entry entry : mapping(root, "The file").entries()) {
      String key = entry.key().text();
      if (!KEYS.contains(key)) {
        throw new MalformedYamlException(
            entry.key().line(),
            YamlReader.quoted(key) + " is no setting: there are " + String.join(", ", KEYS) + ".");
      }
      values.put(key, entry.value());
    }
    return new ProjectSettings(
        present(values, "erlang").map(ProjectFileReader::erlang).orElse(List.of()),
        present(values, "build_tool").map(ProjectFileReader::buildTool),
        present(values, "application").map(ProjectFileReader::application),
        present(values, "environment").map(ProjectFileReader::environment).orElse(Map.of()),
        present(values, "before").map(node -> commands(node, "before")).orElse(List.of()),
        present(values, "after").map(node -> commands(node, "after")).orElse(List.of()));
  }

  private static Optional<YamlNode> present(Map<String, YamlNode> values, String key) {
    return Optional.ofNullable(values.get(key));
  }

  private static List<OtpSelector> erlang(YamlNode node) {
    List<OtpSelector> versions = new ArrayList<>();
    for (YamlNode element : elements(node, "erlang", "OTP versions", RepositoryConfig.MAX_ERLANG)) {
      OtpSelector version = version(element);
      if (versions.contains(version)) {
        throw new MalformedYamlException(element.line(), "erlang names " + version + " twice.");
      }
      versions.add(version);
    }
    if (versions.isEmpty()) {
      throw new MalformedYamlException(node.line(), "erlang must name an OTP version.");
    }
    return versions;
  }

  private static OtpSelector version(YamlNode node) {
    if (node instanceof Scalar(int line, Kind kind, String text) && kind != Kind.OTHER) {
      try {
        return OtpSelector.parse(text);
      } catch (InvalidValueException e) {
        throw new MalformedYamlException(
            line, YamlReader.quoted(text) + " is no OTP version, such as 27 or \"27.3.4\".");
      }
    }
    throw new MalformedYamlException(
        node.line(), "An OTP version is a number, such as 27, or in quotes, such as \"27.3\".");
  }

  private static String buildTool(YamlNode node) {
    String tool = text(node, "build_tool");
    if (!ProjectSettings.BUILD_TOOLS.contains(tool)) {
      throw new MalformedYamlException(
          node.line(),
          "build_tool must be one of " + String.join(", ", ProjectSettings.BUILD_TOOLS) + ".");
    }
    return tool;
  }

  private static String application(YamlNode node) {
    String name = text(node, "application");
    if (!AppFile.isName(name)) {
      throw new MalformedYamlException(
          node.line(), "application must be the name of an OTP application.");
    }
    return name;
  }

  private static Map<String, String> environment(YamlNode node) {
    Mapping mapping = mapping(node, "environment");
    if (mapping.entries().size() > MAX_VARIABLES) {
      throw new MalformedYamlException(
          node.line(), "environment has more than " + MAX_VARIABLES + " variables.");
    }
    Map<String, String> variables = new LinkedHashMap<>();
    for (Entry entry : mapping.entries()) {
      String name = entry.key().text();
      if (!VARIABLE.matcher(name).matches()) {
        throw new MalformedYamlException(
            entry.key().line(),
            YamlReader.quoted(name)
                + " is no name of a variable: capitals, digits and _, beginning with a capital.");
      }
      if (isOwn(name)) {
        throw new MalformedYamlException(
            entry.key().line(), name + " is set by Raccoon itself: it cannot be changed.");
      }
      variables.put(name, value(entry.value(), name));
    }
    return variables;
  }

  private static boolean isOwn(String name) {
    return OWN.contains(name)
        || name.endsWith(OWN_END)
        || OWN_BEGINNINGS.stream().anyMatch(name::startsWith);
  }

  private static String value(YamlNode node, String name) {
    if (node instanceof Scalar(int line, Kind kind, String text) && kind != Kind.OTHER) {
      return limited(line, name, text, MAX_VALUE_LENGTH);
    }
    throw new MalformedYamlException(
        node.line(), name + " must be a text or a whole number: write it in quotes.");
  }

  private static List<String> commands(YamlNode node, String key) {
    List<String> commands = new ArrayList<>();
    for (YamlNode element : elements(node, key, "shell commands", MAX_COMMANDS)) {
      String command = text(element, "A command of " + key);
      if (command.isBlank()) {
        throw new MalformedYamlException(element.line(), "A command of " + key + " is empty.");
      }
      commands.add(limited(element.line(), "A command of " + key, command, MAX_COMMAND_LENGTH));
    }
    return commands;
  }

  private static String limited(int line, String what, String text, int max) {
    if (text.codePointCount(0, text.length()) > max) {
      throw new MalformedYamlException(line, what + " is longer than " + max + " characters.");
    }
    if (!VALUE.matcher(text).matches()) {
      throw new MalformedYamlException(line, what + " has a control character.");
    }
    return text;
  }

  private static String text(YamlNode node, String what) {
    if (node instanceof Scalar(int ignored, Kind kind, String text) && kind == Kind.STRING) {
      return text;
    }
    throw new MalformedYamlException(node.line(), what + " must be a text.");
  }

  private static List<YamlNode> elements(YamlNode node, String key, String what, int max) {
    if (!(node instanceof Sequence(int line, List<YamlNode> elements))) {
      throw new MalformedYamlException(node.line(), key + " must be a list of " + what + ".");
    }
    if (elements.size() > max) {
      throw new MalformedYamlException(line, key + " has more than " + max + " entries.");
    }
    return elements;
  }

  private static Mapping mapping(YamlNode node, String what) {
    if (node instanceof Mapping mapping) {
      return mapping;
    }
    throw new MalformedYamlException(node.line(), what + " must hold names with values.");
  }
}
