package dev.raccoon.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.config.Settings;
import dev.raccoon.source.GitHosts.Origin;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.InvalidValueException;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitHostsTest {
  private static final CloneUrl DEMO = CloneUrl.parse("https://github.com/acme/demo.git");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "github.com",
        "github.com:443",
        "git.example.org",
        "0xacab.org",
        "1.example.org",
        "localhost.example.org",
        "xn--bcher-kva.example"
      })
  void anyPublicLookingHostMayBeClonedByDefault(String authority) {
    assertThatCode(() -> hosts("").check(url(authority))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "intranet",
        "git.localhost",
        "printer.local",
        "metadata.google.internal",
        "router.home.arpa",
        "127.0.0.1",
        "8.8.8.8",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "127.1",
        "0177.0.0.1",
        "127.0.0.0x1",
        "example.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[2606:4700::1111]"
      })
  void anAddressOrALocalNameIsNoCodeHost(String host) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> hosts("").check(url(host)))
        .withMessage("clone_url must name a public code host, not " + host + ".");
    assertThat(hosts("").origin(url(host))).isInstanceOf(Origin.Refused.class);
  }

  @Test
  void aPortIsForTheOperatorToAllow() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> hosts("").check(url("github.com:8443")))
        .withMessage("clone_url must not name a port.");
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> hosts("git.corp.example").check(url("git.corp.example:8443")))
        .withMessage("clone_url must not name a port.");
    assertThatCode(() -> hosts("git.corp.example:8443").check(url("git.corp.example:8443")))
        .doesNotThrowAnyException();
  }

  @Test
  void aListOfHostsLeavesOutAllOthers() {
    GitHosts hosts = hosts("GitHub.com,git.corp:8443");

    assertThatCode(() -> hosts.check(DEMO)).doesNotThrowAnyException();
    for (String other :
        List.of("gitlab.com", "github.com.attacker.net", "git.corp", "a.github.com")) {
      assertThatExceptionOfType(InvalidValueException.class)
          .isThrownBy(() -> hosts.check(url(other)))
          .withMessage(other + " may not be cloned here. Allowed: github.com, git.corp:8443.");
      assertThat(hosts.origin(url(other)))
          .isEqualTo(
              new Origin.Refused(
                  other + " may not be cloned here. Allowed: github.com, git.corp:8443."));
    }
  }

  @Test
  void aHostListedWithItsPortMayBePrivateAndOneWithoutMayNot() throws Exception {
    CloneUrl local = url("localhost:8443");

    assertThat(hosts("localhost:8443").origin(local))
        .isEqualTo(new Origin.Remote(local, List.of(InetAddress.getAllByName("localhost"))));
    assertThat(hosts("127.0.0.1:443").origin(url("127.0.0.1")))
        .isEqualTo(
            new Origin.Remote(url("127.0.0.1"), List.of(InetAddress.ofLiteral("127.0.0.1"))));
    assertThat(hosts("localhost").origin(url("localhost")))
        .isEqualTo(new Origin.Refused("clone_url must name a public code host, not localhost."));
  }

  @Test
  void aHostWithoutAnAddressIsNotFetchedFrom() {
    // RFC 6761: a name below invalid never has an address; without any name server, nobody knows.
    assertThat(hosts("").origin(url("git.invalid")))
        .isIn(
            new Origin.Refused("The host git.invalid has no address: is clone_url right?"),
            new Origin.Unreachable("The address of git.invalid cannot be looked up just now."));
  }

  @Test
  void theLongestPrefixOfTheOperatorsMirrorsWinsBeforeAnyOtherRule() {
    Map<String, String> values = new HashMap<>();
    values.put(
        "RACCOON_GIT_REWRITES",
        "https://github.com/=file:///srv/all/,https://github.com/acme/=/srv/acme,"
            + "https://10.0.0.1:8443/=http://10.0.0.1/");
    values.put("RACCOON_GIT_HOSTS", "gitlab.com");
    GitHosts hosts = new GitHosts(Settings.of(values).sources());
    CloneUrl other = CloneUrl.parse("https://github.com/other/x");
    CloneUrl inside = CloneUrl.parse("https://10.0.0.1:8443/x");

    assertThat(hosts.origin(DEMO)).isEqualTo(new Origin.Mirror(DEMO, "/srv/acme/demo.git"));
    assertThat(hosts.origin(other)).isEqualTo(new Origin.Mirror(other, "file:///srv/all/other/x"));
    assertThat(hosts.origin(inside)).isEqualTo(new Origin.Mirror(inside, "http://10.0.0.1/x"));
    assertThatCode(() -> hosts.check(inside)).doesNotThrowAnyException();
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> hosts.check(url("github.com.attacker.net")));
  }

  private static GitHosts hosts(String list) {
    return new GitHosts(Settings.of(Map.of("RACCOON_GIT_HOSTS", list)).sources());
  }

  private static CloneUrl url(String authority) {
    return CloneUrl.parse("https://" + authority + "/acme/demo.git");
  }
}
