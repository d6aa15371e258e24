package dev.raccoon.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.testing.HostileText;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PackageNameTest {
  @ParameterizedTest
  @CsvSource({
    "acme/demo, acme, demo",
    "acme/demo.git, acme, demo",
    "acme/demo.GIT, acme, demo",
    "Acme/Demo_2.x-y, Acme, Demo_2.x-y",
    "_x/0, _x, 0",
    "acme/builds, acme, builds",
    "acme/demo-otp25, acme, demo-otp25",
    "otp25/demo, otp25, demo",
    "hexpm2/demo, hexpm2, demo",
  })
  void aFullNameIsANamespaceAndAName(String raw, String namespace, String name) {
    PackageName parsed = PackageName.parse(raw);

    assertThat(parsed).isEqualTo(new PackageName(namespace, name));
    assertThat(parsed).hasToString(namespace + "/" + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "demo", "acme/demo/x", "a//b", "https://github.com/acme/demo"})
  void anythingElseThanTwoPartsIsRefused(String raw) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> PackageName.parse(raw))
        .withMessage("full_name must be namespace/name, such as acme/demo.");
  }

  @ParameterizedTest
  @CsvSource({
    "/demo, namespace",
    "-acme/demo, namespace",
    ".acme/demo, namespace",
    "ac me/demo, namespace",
    "ac..me/demo, namespace",
    "acme.git/demo, namespace",
    "acme/, name",
    "acme/.., name",
    "acme/.git, name",
    "acme/.git.git, name",
    "acme/-x, name",
    "acme/d..e, name",
    "acme/demo.git.git, name",
    "acme/demo.GIT.git, name",
    "acme/d\u0435mo, name",
    "acme/d%2emo, name",
  })
  void anOddPartIsNamed(String raw, String part) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> PackageName.parse(raw))
        .withMessage(
            "full_name must be namespace/name, such as acme/demo: the "
                + part
                + " has up to 100 letters, digits, dots, dashes and underscores, and begins with a"
                + " letter, a digit or _.");
  }

  @Test
  void aPartHasAHundredCharactersAtMost() {
    String hundred = "a".repeat(100);

    assertThat(PackageName.parse(hundred + "/" + hundred).name()).hasSize(100);
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> PackageName.parse(hundred + "a/demo"));
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> PackageName.parse("acme/a" + hundred));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "builds",
        "Builds",
        "BUILDASYNC",
        "buildSync",
        "rebuild",
        "callback",
        "search",
        "versions",
        "last_builds",
        "download",
        "download_erts",
        "get",
        "build_log",
        "badge",
        "health",
        "metrics",
        "repos",
        "api",
        "queue",
        "hexpm",
        "HexPM",
        "favicon.ico",
        "acme-otp25",
        "Acme-OTP27"
      })
  void theServersOwnPathsAreNobodysNamespaceInAnyCase(String namespace) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> PackageName.parse(namespace + "/demo"))
        .withMessage("The namespace " + namespace + " is reserved for the server itself.");
  }

  @Test
  void whateverIsAcceptedIsHarmless() {
    AtomicInteger accepted = new AtomicInteger();
    HostileText.each(5, 20_000, raw -> check(raw, accepted));
    HostileText.eachSpoilt(
        6, 20_000, List.of("acme/demo", "acme/demo.git", "A.b/c_d"), raw -> check(raw, accepted));

    assertThat(accepted).hasValueGreaterThan(1_000);
  }

  private static void check(String raw, AtomicInteger accepted) {
    Accepting.parsed(PackageName::parse, raw)
        .ifPresent(name -> {
          accepted.incrementAndGet();
          assertThat(PackageName.parse(name.toString())).isEqualTo(name);
          for (String part : List.of(name.namespace(), name.name())) {
            Accepting.isPlain(part, 100);
            Accepting.staysBelow(part);
            assertThat(part).doesNotStartWith("-").doesNotContain("/");
          }
        });
  }
}
