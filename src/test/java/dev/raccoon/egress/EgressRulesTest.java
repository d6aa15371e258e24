package dev.raccoon.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.egress.EgressRules.Way;
import dev.raccoon.value.CloneUrl;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressRulesTest {
  @ParameterizedTest
  @CsvSource({
    "http://github.com/a/b, github.com, 443, /a/b",
    "https://GitHub.com:443/a?b, github.com, 443, /a?b",
    "HTTP://github.com:80, github.com, 443, /",
    "http://github.com?x, github.com, 443, /?x",
    "http://ada:secret@github.com/, github.com, 443, /",
    "http://git.corp:8443/a..b/.x?y=/../%2f, git.corp, 8443, /a..b/.x?y=/../%2f",
    "http://[FD00::1]:8443/, [fd00::1], 8443, /"
  })
  void anAddressIsTakenApart(String uri, String host, int port, String target) throws Exception {
    assertThat(Destination.parse(uri)).isEqualTo(new Destination(host, port, target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/relative",
        "github.com/x",
        "ftp://github.com/",
        "file:///etc/passwd",
        "gopher://github.com/",
        "http:///x",
        "http://github.com:/",
        "http://github.com:0/",
        "http://github.com:65536/",
        "http://github.com./",
        "http://localhost./",
        "http://github..com/",
        "http://-github.com/",
        "http://github.com@evil.example@x/",
        "http://evil.example\\@github.com/",
        "http://evil.example#@github.com/",
        "http://github.com%2eevil.example/",
        "http://github.com/x#y",
        "http://github.com/x y",
        "http://github.com/../api",
        "http://github.com/a/..?x",
        "http://github.com/a/./b",
        "http://github.com/%2e%2e/x",
        "http://github.com/a/.%2E/x",
        "http://github.com/a%2fb",
        "http://github.com/a%5Cb",
        "http://github.com/a\\b",
        "http://gíthub.com/",
        "http://[::1/",
        "http://::1/",
        "*"
      })
  void whatIsNoPlainAddressIsRefused(String uri) {
    assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> Destination.parse(uri));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"github.com", ":443", "github.com:", "a@github.com:443", "github.com:443/"})
  void aTunnelNamesAHostAndAPort(String authority) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> Destination.parseAuthority(authority));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "8.8.8.8",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[2606:4700::1111]",
        "localhost",
        "a.localhost",
        "printer.local",
        "metadata.google.internal",
        "intranet"
      })
  void anAddressOrALocalNameIsNotConnectedToEvenWhereAnyHostIs(String host) {
    EgressRules any = EgressFixture.rules("any," + (host.startsWith("[") ? "" : host), "");

    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> any.way(Destination.parse("http://" + host + "/")))
        .withMessage(
            "Raccoon lets builds connect to public hosts by their names alone, not to "
                + host
                + ".");
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> any.way(Destination.parseAuthority(host + ":443")));
  }

  @Test
  void onlyTheHostsThatAreListedAndThePackagesOwnAreConnectedTo() throws Exception {
    EgressRules rules = EgressFixture.rules("github.com,.example.org,*.corp.net,git.corp:8443", "");

    for (String host :
        List.of("github.com", "a.example.org", "a.b.example.org", "x.corp.net", "own.example")) {
      assertThat(rules.way(Destination.parse("http://" + host + "/")))
          .isEqualTo(new Way.Direct(host, 443, false));
    }
    assertThat(rules.way(Destination.parse("http://git.corp:8443/")))
        .isEqualTo(new Way.Direct("git.corp", 8443, true));
    for (String other :
        List.of(
            "example.org",
            "evilexample.org",
            "github.com.evil.example",
            "a.github.com",
            "git.corp",
            "github.com:8443",
            "a.example.org:22")) {
      assertThatExceptionOfType(RefusedException.class)
          .as(other)
          .isThrownBy(() -> rules.way(Destination.parse("http://" + other + "/")));
    }
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> rules.way(Destination.parse("http://github.com@evil.example/")))
        .withMessage(
            "Raccoon does not let builds connect to evil.example: its operator can allow it with"
                + " RACCOON_EGRESS_HOSTS.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"github.com:22", "github.com:25", "github.com:80", "github.com:8443"})
  void aTunnelLeadsToPort443Alone(String authority) {
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(
            () -> EgressFixture.rules("any", "").way(Destination.parseAuthority(authority)));
  }

  @Test
  void theLongestPrefixOfTheOperatorsMirrorsComesFirst() throws Exception {
    EgressRules rules =
        EgressFixture.rules(
            "gitlab.com",
            "https://github.com/=/srv/all/,https://github.com/acme/=https://mirror.corp/x/");

    assertThat(rules.way(Destination.parse("http://github.com/acme/demo/info/refs?service=x")))
        .isEqualTo(new Way.Mirror("https://mirror.corp/x/demo/info/refs?service=x"));
    assertThat(rules.way(Destination.parse("https://github.com/b/c")))
        .isEqualTo(new Way.Mirror("/srv/all/b/c"));
    assertThatExceptionOfType(RefusedException.class)
        .isThrownBy(() -> rules.way(Destination.parse("http://github.com.evil.example/acme/x")));
  }

  @Test
  void aFetchGoesToItsOwnHostAtTheAddressesThatWereChecked() throws Exception {
    List<InetAddress> checked = List.of(InetAddress.ofLiteral("140.82.121.4"));
    EgressRules rules = EgressRules.forFetch(CloneUrl.parse("https://github.com/a/b"), checked);

    assertThat(rules.way(Destination.parseAuthority("github.com:443")))
        .isEqualTo(new Way.Checked("github.com", 443, checked));
    for (String other : List.of("gitlab.com:443", "github.com:22", "140.82.121.4:443")) {
      assertThatExceptionOfType(RefusedException.class)
          .isThrownBy(() -> rules.way(Destination.parseAuthority(other)))
          .withMessageEndingWith(": only the package's own host is fetched from.");
    }
  }
}
