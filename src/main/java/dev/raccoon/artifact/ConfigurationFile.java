package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.artifact.PackageConfiguration.Dependency;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The configuration file inside a package, from which clients take their data. The same
 * configuration gives the same bytes: JSON with sorted keys and an indent of two, in ASCII, because
 * older clients read it in the encoding of their locale.
 */
public final class ConfigurationFile {
  private static final ObjectWriter JSON =
      JsonMapper.builder()
          .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .build()
          .writer()
          .with(layout());

  private ConfigurationFile() {}

  /** The file's bytes, under whichever name the package's format gives it. */
  public static byte[] bytes(PackageConfiguration configuration) {
    ObjectNode file = configuration.repository().deepCopy();
    file.put("name", configuration.application());
    file.put("fullname", configuration.fullName().toString());
    file.put("url", configuration.cloneUrl());
    file.put("tag", configuration.tag().name());
    file.put("app_vsn", configuration.applicationVersion());
    file.put("with_source", configuration.withSource());
    keepOwnList(file, "erlang", JsonNode::isString, erlang(configuration.erlang()));
    keepOwnList(file, "deps", JsonNode::isObject, dependencies(configuration.dependencies()));
    return (JSON.writeValueAsString(file) + "\n").getBytes(UTF_8);
  }

  /** The repository's own list stays where it is one that clients can read. */
  private static void keepOwnList(
      ObjectNode file, String key, Predicate<JsonNode> readable, ArrayNode ours) {
    JsonNode own = file.path(key);
    if (!own.isArray() || !own.valueStream().allMatch(readable)) {
      file.set(key, ours);
    }
  }

  private static ArrayNode erlang(List<String> releases) {
    ArrayNode list = JsonMapper.shared().createArrayNode();
    releases.forEach(list::add);
    return list;
  }

  private static ArrayNode dependencies(List<Dependency> dependencies) {
    ArrayNode list = JsonMapper.shared().createArrayNode();
    for (Dependency dependency : dependencies) {
      list.addObject()
          .put("name", dependency.name())
          .put("url", dependency.url())
          .put("tag", dependency.tag());
    }
    return list;
  }

  private static DefaultPrettyPrinter layout() {
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    return new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                .withArrayEmptySeparator("")
                .withObjectEmptySeparator(""))
        .withObjectIndenter(indent)
        .withArrayIndenter(indent);
  }
}
