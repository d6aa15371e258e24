package dev.raccoon.toolchain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.raccoon.artifact.ConfigurationFile;
import dev.raccoon.artifact.PackageConfiguration;
import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** An {@code enot_config.json}, and what the package's own configuration file makes of it. */
public final class RepositoryConfigFuzz implements FuzzTarget {
  private static final JsonMapper JSON = new JsonMapper();

  @Override
  public List<String> seeds() {
    return List.of(
        "{\"name\":\"demo\",\"erlang\":[\"25\",\"27.3.4\",26],\"with_source\":false,\"deps\":[]}",
        "{\"erlang\":[null,\"\",\"x\",1e9],\"deps\":[{\"name\":\"\\ud800\"},3],\"e\":{\"a\":[1e999]}}",
        "[1]",
        "{\"erlang\":{}}");
  }

  @Override
  public void check(byte[] input) throws IOException {
    Path tree = Files.createTempDirectory("fuzz");
    Path file = tree.resolve("enot_config.json");
    try {
      Files.write(file, input);
      RepositoryConfig config = RepositoryConfig.read(tree);
      config.notes().forEach(Property::sentence);
      Property.holds(config.erlang().size() <= RepositoryConfig.MAX_ERLANG, "too many");
      written(config);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(tree);
    }
  }

  private static void written(RepositoryConfig config) {
    String text = new String(ConfigurationFile.bytes(ofPackage(config)), ISO_8859_1);
    Property.same(new String(ConfigurationFile.bytes(ofPackage(config)), ISO_8859_1), text);
    Property.holds(text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x80)), "not ASCII");
    JsonNode read = JSON.readTree(text);
    Property.same(read.path("name").asString(), "demo");
    Property.same(read.path("fullname").asString(), "acme/demo");
    Property.same(read.path("tag").asString(), "1.0.0");
    Property.holds(isListOf(JsonNode::isString, read.path("erlang")), "erlang is no such list");
    Property.holds(isListOf(JsonNode::isObject, read.path("deps")), "deps is no such list");
  }

  private static boolean isListOf(Predicate<JsonNode> kind, JsonNode node) {
    return node.isArray() && node.valueStream().allMatch(kind);
  }

  private static PackageConfiguration ofPackage(RepositoryConfig config) {
    ObjectNode own = JsonNodeFactory.instance.objectNode();
    own.setAll(config.settings());
    return new PackageConfiguration(
        "demo",
        PackageName.parse("acme/demo"),
        "https://example.org/acme/demo",
        new Ref("1.0.0"),
        "1.0.0",
        config.erlang().stream().map(Object::toString).toList(),
        true,
        List.of(),
        own);
  }
}
