package dev.raccoon.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.artifact.PackageConfiguration.Dependency;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ConfigurationFileTest {
  @Test
  void saysWhatClientsNeed() {
    assertThat(file("{}"))
        .isEqualTo(
            """
            {
              "app_vsn": "1.0.2",
              "deps": [
                {
                  "name": "jsx",
                  "tag": "3.1.0",
                  "url": "https://example.org/talentdeficit/jsx"
                }
              ],
              "erlang": [
                "25",
                "27"
              ],
              "fullname": "acme/demo",
              "name": "demo_app",
              "tag": "v1.0.2",
              "url": "https://example.org/acme/demo",
              "with_source": true
            }
            """);
  }

  @Test
  void keepsWhatTheRepositorySetsBesides() {
    JsonNode file =
        parse(file("{\"build_vars\": [{\"V\": \"3\"}], \"auto_build_order\": null, \"n\": 1.50}"));

    assertThat(file.at("/build_vars/0/V").asString()).isEqualTo("3");
    assertThat(file.get("auto_build_order").isNull()).isTrue();
    assertThat(file.get("n").asDouble()).isEqualTo(1.5);
  }

  @Test
  void whatIdentifiesThePackageIsOursWhateverTheRepositorySays() {
    JsonNode file =
        parse(
            file(
                """
                {"name": "x", "fullname": "evil/x", "url": "https://evil.example", "tag": "9",
                 "app_vsn": "9", "with_source": "no"}
                """));

    assertThat(file.get("name").asString()).isEqualTo("demo_app");
    assertThat(file.get("fullname").asString()).isEqualTo("acme/demo");
    assertThat(file.get("url").asString()).isEqualTo("https://example.org/acme/demo");
    assertThat(file.get("tag").asString()).isEqualTo("v1.0.2");
    assertThat(file.get("app_vsn").asString()).isEqualTo("1.0.2");
    assertThat(file.get("with_source").asBoolean()).isTrue();
  }

  @Test
  void theRepositorysOwnListsStayWhereClientsCanReadThem() {
    JsonNode file =
        parse(file("{\"erlang\": [\"24\"], \"deps\": [{\"name\": \"a\", \"branch\": \"main\"}]}"));

    assertThat(file.at("/erlang/0").asString()).isEqualTo("24");
    assertThat(file.at("/deps/0/branch").asString()).isEqualTo("main");
  }

  @Test
  void listsThatClientsCannotReadAreReplaced() {
    JsonNode file = parse(file("{\"erlang\": \"24\", \"deps\": [\"jsx\"]}"));

    assertThat(file.get("erlang").size()).isEqualTo(2);
    assertThat(file.at("/deps/0/name").asString()).isEqualTo("jsx");
  }

  @Test
  void theOrderOfTheRepositorysKeysMakesNoDifference() {
    assertThat(file("{\"a\": {\"y\": 1, \"x\": 2}, \"b\": []}"))
        .isEqualTo(file("{\"b\": [], \"a\": {\"x\": 2, \"y\": 1}}"));
  }

  @Test
  void textBeyondAsciiIsEscapedForReadersInAnyLocale() {
    String file = file("{\"description\": \"żółw 😀\"}");

    assertThat(file).isASCII();
    assertThat(parse(file).get("description").asString()).isEqualTo("żółw 😀");
  }

  @Test
  void eachFormatHasItsOwnNames() {
    assertThat(PackageFormat.EP.configurationName()).isEqualTo("enot_config.json");
    assertThat(PackageFormat.EP.extension()).isEqualTo("ep");
    assertThat(PackageFormat.CP.configurationName()).isEqualTo("coonfig.json");
    assertThat(PackageFormat.CP.locksName()).isEqualTo("coon_locks.json");
  }

  private static String file(String repository) {
    PackageConfiguration configuration =
        new PackageConfiguration(
            "demo_app",
            PackageName.parse("acme/demo"),
            "https://example.org/acme/demo.git",
            new Ref("v1.0.2"),
            "1.0.2",
            List.of("25", "27"),
            true,
            List.of(new Dependency("jsx", "https://example.org/talentdeficit/jsx", "3.1.0")),
            (ObjectNode) parse(repository));
    return new String(ConfigurationFile.bytes(configuration), UTF_8);
  }

  private static JsonNode parse(String json) {
    return JsonMapper.shared().readTree(json);
  }
}
