package dev.raccoon.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.testing.HostileText;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloneUrlTest {
  private static final List<String> GOOD =
      List.of(
          "https://github.com/acme/demo.git",
          "https://git.example.org:8443/group/sub.group/demo",
          "https://[2001:db8::1]/demo.git",
          "https://git.sr.ht/~acme/demo");

  @ParameterizedTest
  @CsvSource({
    "https://github.com/acme/demo.git, https://github.com/acme/demo.git",
    "https://GitHub.com/Acme/Demo.git, https://github.com/Acme/Demo.git",
    "https://github.com/acme/demo/, https://github.com/acme/demo",
    "https://github.com:443/acme/demo, https://github.com/acme/demo",
    "https://git.example.org:08443/demo, https://git.example.org:8443/demo",
    "https://git.sr.ht/~acme/demo, https://git.sr.ht/~acme/demo",
    "https://xn--bcher-kva.example/demo, https://xn--bcher-kva.example/demo",
    "https://host/repo/.github, https://host/repo/.github",
  })
  void anHttpsAddressIsKeptInOneForm(String raw, String form) {
    CloneUrl url = CloneUrl.parse(raw);

    assertThat(url).hasToString(form).isEqualTo(CloneUrl.parse(form));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ext::sh -c id",
        "ssh://git@github.com/acme/demo",
        "git://github.com/acme/demo",
        "http://github.com/acme/demo",
        "HTTPS://github.com/acme/demo",
        "javascript:alert(1)",
        "file:\n"
      })
  void anotherSchemeIsToldToBeHttps(String raw) {
    refused(raw, "clone_url must begin with https://, such as https://github.com/acme/demo.git.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://token@github.com/acme/demo",
        "https://user:password@github.com/acme/demo",
        "https://@github.com/acme/demo"
      })
  void credentialsAreRefusedWithoutSayingThem(String raw) {
    refused(raw, "clone_url must not hold a user name, a password or a token.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "git@github.com:acme/demo.git",
        "github.com/acme/demo",
        "/srv/demo.git",
        "--upload-pack=x",
        "https:/github.com/acme/demo",
        "https:github.com/acme/demo",
        "https:\\\\github.com\\acme\\demo",
        "https://github.com",
        "https://github.com/",
        "https:///acme/demo",
        "https://github.com//acme/demo",
        "https://github.com/acme//demo",
        "https://github.com/acme/demo//",
        "https://github.com/../x",
        "https://github.com/acme/..",
        "https://github.com/acme/./demo",
        "https://github.com/%2e%2e/x",
        "https://github.com/acme/demo/.git",
        "https://github.com/acme/.git/x",
        "https://github.com/acme/demo?x=1",
        "https://github.com/acme/demo#x",
        "https://github.com/acme/demo@x",
        "https://github.com/acme/de mo",
        "https://github.com/acme/demo\n",
        "https://github.com/acme/demo\0",
        "https://github.com/acme/$(id)",
        "https://github.com/acme\\demo",
        "https://github.com./acme/demo",
        "https://.github.com/acme/demo",
        "https://github..com/acme/demo",
        "https://github-.com/acme/demo",
        "https://-github.com/acme/demo",
        "https://git_hub.com/acme/demo",
        "https://g\u0456thub.com/acme/demo",
        "https://github.com\u3002/acme/demo",
        "https://github.com:/acme/demo",
        "https://github.com:0/acme/demo",
        "https://github.com:65536/acme/demo",
        "https://github.com:99999/acme/demo",
        "https://github.com:-1/acme/demo",
        "https://github.com:+443/acme/demo",
        "https://[::1/demo",
        "https://[fe80::1%25eth0]/demo",
        "https://::1/demo"
      })
  void whatIsNoPlainHttpsAddressIsRefused(String raw) {
    refused(
        raw,
        "clone_url is not a repository's https address, such as https://github.com/acme/demo.git.");
  }

  @Test
  void aMissingOneAndATooLongOneAreToldSo() {
    refused(
        "",
        "clone_url is missing: name the repository's https address, such as"
            + " https://github.com/acme/demo.git.");
    refused(
        "https://github.com/" + "a".repeat(CloneUrl.MAX_LENGTH),
        "clone_url is longer than 500 characters.");
    refused(
        "https://" + "a.".repeat(127) + "aa/demo",
        "clone_url is not a repository's https address, such as https://github.com/acme/demo.git.");
  }

  @Test
  void itCannotBeMadeOfPartsThatTheParserRefuses() {
    assertThat(new CloneUrl("github.com", 443, "/a/b").port()).isEqualTo(-1);
    for (String host : List.of("", "GitHub.com", "a b", "user@host", "host/x", "a\n", "..")) {
      assertThatExceptionOfType(InvalidValueException.class)
          .isThrownBy(() -> new CloneUrl(host, -1, "/a/b"));
    }
    for (String path : List.of("", "/", "a", "/a/", "/a b", "/../a", "/a?b", "/a\n")) {
      assertThatExceptionOfType(InvalidValueException.class)
          .isThrownBy(() -> new CloneUrl("github.com", -1, path));
    }
    for (int port : List.of(-2, 0, 65_536)) {
      assertThatExceptionOfType(InvalidValueException.class)
          .isThrownBy(() -> new CloneUrl("github.com", port, "/a"));
    }
  }

  @Test
  void oneRepositoryHasItsAddressWithAndWithoutGitInAnyCase() {
    CloneUrl url = CloneUrl.parse("https://github.com/acme/demo.git");

    assertThat(url.withoutGit()).isEqualTo("https://github.com/acme/demo");
    assertThat(url.sameRepository(CloneUrl.parse("https://github.com/Acme/Demo"))).isTrue();
    assertThat(url.sameRepository(CloneUrl.parse("https://github.com/acme/demo2"))).isFalse();
    assertThat(url.sameRepository(CloneUrl.parse("https://gitlab.com/acme/demo"))).isFalse();
    assertThat(CloneUrl.parse("https://github.com/acme/digit").withoutGit())
        .isEqualTo("https://github.com/acme/digit");
  }

  @Test
  void whateverIsAcceptedIsHarmlessAndReadAlikeByOthers() {
    AtomicInteger accepted = new AtomicInteger();
    HostileText.each(3, 5_000, raw -> check(raw, accepted));
    HostileText.eachSpoilt(4, 20_000, GOOD, raw -> check(raw, accepted));

    assertThat(accepted).hasValueGreaterThan(500);
  }

  private static void check(String raw, AtomicInteger accepted) {
    Accepting.parsed(CloneUrl::parse, raw)
        .ifPresent(url -> {
          accepted.incrementAndGet();
          assertThat(CloneUrl.parse(url.toString())).isEqualTo(url);
          Accepting.isPlain(url.toString(), CloneUrl.MAX_LENGTH);
          Accepting.staysBelow(url.path().substring(1));
          assertThat(url.withoutGit()).doesNotEndWith("/").doesNotEndWith(".git/");
          // Another reader of URLs finds the same host in it, so nobody connects to another one.
          if (!url.host().startsWith("[")) {
            assertThat(URI.create(url.toString()).getRawAuthority())
                .isEqualTo(url.host() + (url.port() < 0 ? "" : ":" + url.port()));
            assertThat(URI.create(url.toString()).getRawPath()).isEqualTo(url.path());
          }
        });
  }

  private static void refused(String raw, String sentence) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> CloneUrl.parse(raw))
        .withMessage(sentence);
  }
}
