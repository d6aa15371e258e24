package dev.raccoon.toolchain;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.raccoon.toolchain.ProjectFile.Read;
import dev.raccoon.toolchain.ProjectFile.Refused;
import dev.raccoon.value.OtpSelector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProjectFileTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Path SCHEMA = Path.of("docs/raccoon.schema.json");

  /** One file in each line. */
  private static final String WRONG =
      """
      []
      x
      27
      null
      unknown: 1
      Erlang: [27]
      erlang: 27
      erlang: []
      erlang: [0]
      erlang: [27.3]
      erlang: ['x']
      erlang: [[27]]
      erlang: [-1]
      erlang: [27, 27]
      erlang: [true]
      erlang: [null]
      erlang: [10000]
      erlang: null
      build_tool: bazel
      build_tool: [rebar3]
      build_tool: null
      application: Demo
      application: ''
      application: 1
      application: a-b
      environment: []
      environment: {a: x}
      environment: {1: x}
      environment: {A: true}
      environment: {A: 1.5}
      environment: {A: null}
      environment: {A: [x]}
      environment: {_A: x}
      environment: {A: "\\x07"}
      before: make
      before: [1]
      before: ['']
      before: [' ']
      before: [[a]]
      before: [null]
      before: ["a\\0b"]
      after: {a: b}
      after: [true]
      """;

  @TempDir Path tree;

  @Test
  void theDocumentedExampleSetsEveryKey() throws IOException {
    String example = Files.readString(Path.of("docs/raccoon.example.yaml"));

    ProjectSettings settings = settings(example);

    assertThat(settings.erlang())
        .extracting(OtpSelector::toString)
        .containsExactly("25", "27", "27.3.4");
    assertThat(settings.buildTool()).contains("rebar3");
    assertThat(settings.application()).contains("my_library");
    assertThat(settings.environment())
        .containsEntry("CFLAGS", "-O2")
        .containsEntry("MY_LIBRARY_BACKEND", "openssl");
    assertThat(settings.before()).hasSize(2).contains("./configure --quiet");
    assertThat(settings.after()).containsExactly("strip --strip-unneeded priv/*.so");
    assertThat(schemaAccepts(example)).isTrue();
  }

  @Test
  void aTreeWithoutItSetsNothing() throws IOException {
    assertThat(ProjectFile.read(tree)).isEqualTo(new Read(ProjectSettings.NONE));
  }

  @Test
  void itsErlangListCountsBeforeThatOfThePackageConfiguration() throws IOException {
    Files.writeString(tree.resolve("raccoon.yaml"), "erlang: [27]");
    Files.writeString(tree.resolve("enot_config.json"), "{\"erlang\": [\"25\"]}");

    assertThat(RepositoryConfig.read(tree).erlang()).containsExactly(OtpSelector.parse("27"));
  }

  @Test
  void theOtherEndingIsNoted() throws IOException {
    Files.writeString(tree.resolve("raccoon.yml"), "erlang: [27]");

    assertThat(RepositoryConfig.read(tree).notes())
        .containsExactly("raccoon.yml is not read: its name must be raccoon.yaml.");
  }

  @Test
  void oneThatIsNoFileOrTooLargeIsRefused() throws IOException {
    Path file = tree.resolve("raccoon.yaml");
    Files.createSymbolicLink(file, Path.of("/etc/hostname"));
    assertThat(ProjectFile.read(tree))
        .isEqualTo(new Refused("raccoon.yaml leads out of the repository."));
    Files.delete(file);
    Files.writeString(file, "#".repeat(ProjectFile.MAX_BYTES + 1));
    assertThat(ProjectFile.read(tree))
        .isEqualTo(new Refused("raccoon.yaml is larger than 65536 bytes."));
  }

  /** What a YAML file can hold that JSON cannot, which its schema therefore never sees. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "erlang: [27]\nbefore: [a]\nbefore: [b]",
        "environment:\n  A: a\n  A: b",
        "erlang: [27]\n---\nerlang: [25]",
        "%YAML 1.1\n---\nerlang: [27]",
        "environment: &e {A: a}\nbefore: *e",
        "before: &a [a]",
        "before: [!!java.net.URL [http://example.org]]",
        "!!java.util.Date {}",
        "application: !x demo",
        "? [erlang]\n: 27",
        "27: [27]",
        "before: [a",
        "before: a: b",
        "\tbefore: [a]",
        "application: \"\\x00\"",
        "application: a\u0000b",
        "",
        "# nothing\n",
        "a: &a [x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]",
      })
  void whatOnlyYamlCanSayIsRefusedWithItsLine(String yaml) {
    assertThat(refusal(yaml)).matches("raccoon\\.yaml, line [1-4]: \\P{Cc}+");
  }

  @Test
  void sentencesNameTheLineAndSayWhatToDo() {
    assertThat(refusal("erlang: [27]\nbeforee:\n  - make"))
        .isEqualTo(
            "raccoon.yaml, line 2: \"beforee\" is no setting: there are erlang, build_tool,"
                + " application, environment, before, after.");
    assertThat(refusal("environment:\n  A: a\n  PATH: /tmp"))
        .isEqualTo("raccoon.yaml, line 3: PATH is set by Raccoon itself: it cannot be changed.");
    assertThat(refusal("erlang:\n  - 27\n  - 27.3"))
        .isEqualTo(
            "raccoon.yaml, line 3: An OTP version is a number, such as 27, or in quotes, such as"
                + " \"27.3\".");
    assertThat(refusal("before: a\nbefore: b"))
        .isEqualTo("raccoon.yaml, line 2: \"before\" is set twice.");
    assertThat(refusal("after: [a]\nbefore: make"))
        .isEqualTo("raccoon.yaml, line 2: before must be a list of shell commands.");
  }

  @Test
  void textThatIsNotUtf8IsRefused() {
    assertThat(ProjectFile.parse("before: [\"\u00e9\"]".getBytes(ISO_8859_1)))
        .isEqualTo(new Refused("raccoon.yaml, line 1: The file is not in UTF-8."));
  }

  @Test
  void whatLiesDeepIsRefusedAndNeverThrown() {
    for (String opening : List.of("[", "{a: ", "- ", "? ")) {
      String deep = opening.repeat(ProjectFile.MAX_BYTES / opening.length());
      assertThat(ProjectFile.parse(deep.getBytes(UTF_8))).isInstanceOf(Refused.class);
    }
  }

  private static List<String> right() {
    return List.of(
        "{}",
        "erlang: [1]",
        "erlang: ['27.0-rc3', 9999]",
        "application: a@B_1",
        "environment: {}",
        "environment: {A: '', B_2: -1, PATH_: x, PROXY: x, MIXER: x, HOMES: 'a\tb'}",
        "environment: {A: '" + "\ud83e\udd9d".repeat(4000) + "'}",
        "before: []",
        "after:\n  - |\n    a\n    b\n",
        "before: ['" + "x".repeat(4000) + "']",
        "before: [" + "'x',".repeat(20) + "]");
  }

  private static List<String> wrong() {
    List<String> all = new ArrayList<>(WRONG.lines().toList());
    for (String own :
        List.of(
            "PATH",
            "HOME",
            "PWD",
            "LANG",
            "TERM",
            "ERL_COMPILER_OPTIONS",
            "GIT_DIR",
            "MIX_ENV",
            "REBAR_OFFLINE",
            "HEX_CDN",
            "MIX_HOME",
            "HTTP_PROXY",
            "RACCOON_PORT")) {
      all.add("environment: {" + own + ": x}");
    }
    all.add("environment: {A: '" + "x".repeat(4001) + "'}");
    all.add("environment: {A" + "A".repeat(100) + ": x}");
    all.add("before: ['" + "x".repeat(4001) + "']");
    all.add("before: [" + "'x',".repeat(21) + "]");
    all.add("erlang: " + IntStream.rangeClosed(1, 17).boxed().toList());
    all.add(
        IntStream.rangeClosed(1, 51)
            .mapToObj(i -> "A" + i + ": x")
            .collect(Collectors.joining(", ", "environment: {", "}")));
    return all;
  }

  @ParameterizedTest
  @MethodSource("right")
  void whatTheSchemaAcceptsIsRead(String yaml) {
    assertThat(ProjectFile.parse(yaml.getBytes(UTF_8))).isInstanceOf(Read.class);
    assertThat(schemaAccepts(yaml)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatTheSchemaRefusesIsRefusedWithALine(String yaml) {
    assertThat(refusal(yaml)).startsWith("raccoon.yaml, line 1: ");
    assertThat(schemaAccepts(yaml)).isFalse();
  }

  @Test
  void readerAndSchemaKnowTheSameKeysAndTools() throws IOException {
    JsonNode properties = JSON.readTree(Files.readString(SCHEMA)).get("properties");
    assertThat(properties.propertyNames())
        .containsExactlyInAnyOrderElementsOf(ProjectFileReader.KEYS);
    Set<String> tools = new HashSet<>();
    properties.get("build_tool").get("enum").forEach(tool -> tools.add(tool.stringValue()));
    assertThat(tools).containsExactlyInAnyOrderElementsOf(ProjectSettings.BUILD_TOOLS);
  }

  private static ProjectSettings settings(String yaml) {
    ProjectFile file = ProjectFile.parse(yaml.getBytes(UTF_8));
    assertThat(file).isInstanceOf(Read.class);
    return ((Read) file).settings();
  }

  private static String refusal(String yaml) {
    ProjectFile file = ProjectFile.parse(yaml.getBytes(UTF_8));
    assertThat(file).isInstanceOf(Refused.class);
    return ((Refused) file).sentence();
  }

  private static boolean schemaAccepts(String yaml) {
    try {
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(Files.readString(SCHEMA));
      Object value = new Load(LoadSettings.builder().build()).loadFromString(yaml);
      return schema.validate(JSON.<JsonNode>valueToTree(value)).isEmpty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
