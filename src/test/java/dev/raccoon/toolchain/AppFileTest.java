package dev.raccoon.toolchain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.raccoon.toolchain.AppFile.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppFileTest {
  private static final String DEMO =
      """
      %% what rebar3 leaves
      {application,demo,
          [{description,"A demo\\nof ł"},
           {vsn,"1.0.2"},
           {registered,[]},
           {applications,[kernel,stdlib]},
           {env,[{key,<<"value">>},{f,1.5}]},
           {modules,[demo,'Elixir.Demo.Sup']}]}.
      """;

  @TempDir Path tree;

  @Test
  void itsNameVersionAndDescriptionAreRead() {
    assertThat(parse(DEMO))
        .isEqualTo(
            new Result.Read(
                new AppFile("demo", "1.0.2", "A demo of ł", Set.of("demo", "Elixir.Demo.Sup"))));
  }

  @Test
  void whatIsOptionalMayBeMissing() {
    assertThat(parse("{application, demo, [{vsn, \"1\"}, {modules, \"\"}]}."))
        .isEqualTo(new Result.Read(new AppFile("demo", "1", "", Set.of())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{applications, [\"kernel\"]}", "{modules, 17}"})
  void whatNobodyHereReadsRefusesNothing(String property) {
    assertThat(parse("{application, demo, [{vsn, \"1\"}, " + property + "]}."))
        .isEqualTo(new Result.Read(new AppFile("demo", "1", "", Set.of())));
  }

  @Test
  void aLongDescriptionIsCut() {
    String app = DEMO.replace("A demo", "😀".repeat(5_000));
    assertThat(parse(app))
        .isInstanceOfSatisfying(
            Result.Read.class,
            read -> assertThat(read.app().description()).isEqualTo("😀".repeat(999) + "…"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{application, demo, []}.",
        "{application, demo, [{vsn, git}]}.",
        "{application, demo, [{vsn, \"\"}]}.",
        "{application, demo, [{vsn, \"../1\"}]}.",
        "{application, demo, [{vsn, \"1\\n2\"}]}.",
        "{application, other, [{vsn, \"1\"}]}.",
        "{application, \"demo\", [{vsn, \"1\"}]}.",
        "{application, demo, [{vsn, \"1\"}]}. {application, demo, [{vsn, \"1\"}]}.",
        "{application, demo, [{vsn, Vsn}]}.",
      })
  void anythingElseIsRefusedWithASentence(String text) {
    assertThat(parse(text))
        .isInstanceOfSatisfying(
            Result.Refused.class,
            refused -> assertThat(refused.sentence()).startsWith("demo.app").endsWith("."));
  }

  @Test
  void aVersionOfMoreThanAHundredCharactersIsRefused() {
    assertThat(parse(DEMO.replace("1.0.2", "1".repeat(100)))).isInstanceOf(Result.Read.class);
    assertThat(parse(DEMO.replace("1.0.2", "1".repeat(101)))).isInstanceOf(Result.Refused.class);
  }

  @Test
  void itIsReadBelowATreeAndNotOutsideOfIt() throws IOException {
    Path ebin = Files.createDirectories(tree.resolve("work/ebin"));
    Files.writeString(tree.resolve("demo.app"), DEMO);
    Path work = tree.resolve("work");
    assertThat(AppFile.read(work, "ebin/demo.app"))
        .isEqualTo(new Result.Refused("demo.app is not there."));
    Files.createSymbolicLink(ebin.resolve("demo.app"), Path.of("../../demo.app"));
    assertThat(AppFile.read(work, "ebin/demo.app"))
        .isEqualTo(new Result.Refused("demo.app leads out of the repository."));
    Files.delete(ebin.resolve("demo.app"));
    Files.writeString(ebin.resolve("demo.app"), DEMO);
    assertThat(AppFile.read(work, "ebin/demo.app")).isInstanceOf(Result.Read.class);
  }

  @Test
  void everyApplicationOfErlangItselfIsRead() throws IOException {
    for (OtpInstallation otp : MachineOtp.all()) {
      List<Path> files = MachineOtp.appFiles(otp);
      assertThat(files).as(otp.toString()).hasSizeGreaterThan(3);
      for (Path file : files) {
        switch (parse(file, Files.readAllBytes(file))) {
          case Result.Refused(String sentence) -> fail("%s: %s", file, sentence);
          case Result.Read(AppFile app) ->
              assertThat(file.getFileName()).hasToString(app.name() + ".app");
        }
      }
    }
  }

  @Test
  void damagedFilesHaveAnOutcome() {
    long seed = new Random().nextLong();
    Mutations mutations = new Mutations(seed);
    byte[] good = DEMO.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = i % 2 == 0 ? mutations.bytes(good) : mutations.text(good);
      switch (AppFile.parse("demo.app", damaged)) {
        case Result.Read(AppFile app) ->
            assertThat(app.vsn() + app.description())
                .as("seed %d, run %d", seed, i)
                .doesNotContainPattern("\\p{Cc}");
        case Result.Refused(String sentence) ->
            assertThat(sentence).as("seed %d, run %d", seed, i).doesNotContainPattern("\\p{Cc}");
      }
    }
  }

  private static Result parse(String text) {
    return AppFile.parse("demo.app", text.getBytes(StandardCharsets.UTF_8));
  }

  private static Result parse(Path file, byte[] bytes) {
    return AppFile.parse(file.getFileName().toString(), bytes);
  }
}
