package dev.raccoon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.raccoon.access.Caller;
import dev.raccoon.access.Scope;
import dev.raccoon.access.Token;
import dev.raccoon.value.AddressRange;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.PackageName;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildAccessTest {
  private static final BuildAccess LOOPBACK =
      new BuildAccess("127.0.0.1", false, List.of(), name -> false);
  private static final BuildAccess BEYOND =
      new BuildAccess("0.0.0.0", false, List.of(), name -> false);
  private static final BuildAccess OPEN =
      new BuildAccess("0.0.0.0", true, List.of(), name -> false);
  private static final PackageName ACME = new PackageName("acme", "demo");
  private static final PackageName OTHER = new PackageName("other", "demo");
  private static final String FORBIDDEN =
      "This token is not for builds in acme: ask for one that is, made with --scope build.";
  private static final String HERE = "127.0.0.1:8080";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:8080",
        "127.0.0.1",
        "127.8.9.1:80",
        "localhost",
        "LocalHost:8080",
        "localhost.:8080",
        "[::1]",
        "[::1]:8080",
        "[0:0:0:0:0:0:0:1]:8080",
        "[::ffff:127.0.0.1]:8080"
      })
  void programsOfThisMachineMayAskForBuilds(String host) {
    assertThat(refusal(LOOPBACK, "Host", host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example#localhost",
        "0.0.0.0:8080",
        "[::]:8080",
        "192.168.1.5",
        "::1",
        "[::1",
        "localhost..",
        "",
        ":8080",
        "[localhost]",
        "169.254.169.254",
        "user@localhost"
      })
  void aForeignHostMayNot(String host) {
    assertThat(refusal(LOOPBACK, "Host", host)).hasValue(403);
  }

  @Test
  void aRequestThatNamesNoHostMayNot() {
    assertThat(refusal(LOOPBACK)).hasValue(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Forwarded",
        "X-Forwarded-For",
        "x-forwarded-host",
        "X-Forwarded-Proto",
        "X-Forwarded-Port",
        "X-Real-IP",
        "Via",
        "CF-Connecting-IP",
        "True-Client-IP"
      })
  void nobodyMayThroughAProxy(String header) {
    assertThat(refusal(LOOPBACK, "Host", HERE, header, "127.0.0.1")).hasValue(403);
  }

  @Test
  void beyondLoopbackATokenIsNeededUnlessTheOperatorSaysSo() {
    assertThat(refusal(BEYOND, "Host", HERE)).hasValue(401);
    assertThat(refusal(new BuildAccess("::", false, List.of(), name -> false), "Host", HERE))
        .hasValue(401);
    assertThat(
            refusal(
                new BuildAccess("build.example", false, List.of(), name -> false), "Host", HERE))
        .hasValue(401);
    assertThat(refusal(OPEN, "Host", "coon.example", "X-Forwarded-For", "1.2.3.4")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "localhost", "::1", "LOCALHOST"})
  void anyLoopbackAddressIsLoopback(String listening) {
    assertThat(refusal(new BuildAccess(listening, false, List.of(), name -> false), "Host", HERE))
        .isEmpty();
  }

  @Test
  void aTokenForItLetsAnyoneInFromAnywhere() {
    for (BuildAccess access : List.of(LOOPBACK, BEYOND, OPEN)) {
      Exchange exchange =
          exchange(holder(Scope.BUILD, "acme"), "Host", "x.example", "X-Forwarded-For", "1.2.3.4");
      assertThat(refusal(access, exchange, ACME)).isEmpty();
      assertThat(refusal(access, exchange, OTHER)).isEqualTo(access == OPEN ? "" : FORBIDDEN);
    }
  }

  @Test
  void aTokenForReadingAloneIsNotForBuilds() {
    Exchange exchange = exchange(holder(Scope.READ, "acme"), "Host", "x.example");
    assertThat(refusal(BEYOND, exchange, ACME)).isEqualTo(FORBIDDEN);
    assertThat(refusal(LOOPBACK, exchange, ACME)).isEqualTo(FORBIDDEN);
  }

  @Test
  void aTokenTakesNothingFromWhoMayAnyway() {
    Exchange exchange = exchange(holder(Scope.READ, "other"), "Host", HERE);
    assertThat(refusal(LOOPBACK, exchange, ACME)).isEmpty();
  }

  @Test
  void aPrivateNamespaceIsReservedToWhoMayNotSeeIt() {
    BuildAccess here = new BuildAccess("127.0.0.1", false, List.of(), "acme"::equals);
    String reserved = "The namespace acme is reserved for the server itself.";
    assertThat(refusal(here, exchange(Caller.ANONYMOUS, "Host", HERE), ACME)).isEqualTo(reserved);
    assertThat(refusal(here, exchange(holder(Scope.BUILD, "other"), "Host", HERE), ACME))
        .isEqualTo(reserved);
    assertThat(refusal(here, exchange(holder(Scope.READ, "acme"), "Host", HERE), ACME))
        .isEqualTo(FORBIDDEN);
    assertThat(refusal(here, exchange(holder(Scope.BUILD, "acme"), "Host", HERE), ACME)).isEmpty();
  }

  @Test
  void beyondLoopbackAPrivateNamespaceIsRefusedAsAnyOther() {
    BuildAccess beyond = new BuildAccess("0.0.0.0", false, List.of(), "acme"::equals);
    Exchange anonymous = exchange(Caller.ANONYMOUS, "Host", HERE);
    assertThat(refusal(beyond, anonymous, ACME))
        .isEqualTo(refusal(beyond, anonymous, OTHER))
        .contains("bin/raccoon token create");
    Exchange third = exchange(holder(Scope.BUILD, "third"), "Host", HERE);
    assertThat(refusal(beyond, third, ACME))
        .isEqualTo(refusal(beyond, third, OTHER))
        .isEqualTo(FORBIDDEN);
  }

  private static Caller holder(Scope scope, String namespace) {
    Token.Terms terms =
        new Token.Terms("", scope, Namespaces.of(List.of(namespace)), Optional.empty());
    return new Caller.Holder(
        new Token(1, terms, Instant.EPOCH, Optional.empty(), Optional.empty()));
  }

  /** The sentence of both checks; empty when they let it pass. */
  @Test
  void aTrustedProxyThatSaysNothingOfItsClientIsNoProgramOfThisMachine() {
    List<AddressRange> proxies = List.of(AddressRange.parse("127.0.0.1"));

    assertThat(refusal(new BuildAccess("127.0.0.1", false, proxies, name -> false), "Host", HERE))
        .hasValue(403);
  }

  private static String refusal(BuildAccess access, Exchange exchange, PackageName name) {
    try {
      access.check(exchange);
      access.check(exchange, name);
      return "";
    } catch (RefusedException | InvalidValueException e) {
      return String.valueOf(e.getMessage()).replace("in other", "in acme");
    }
  }

  private static Optional<Integer> refusal(BuildAccess access, String... headers) {
    RefusedException refused =
        catchThrowableOfType(
            RefusedException.class, () -> access.check(exchange(Caller.ANONYMOUS, headers)));
    return Optional.ofNullable(refused)
        .map(RefusedException::answer)
        .map(answer -> ((Answer.Bytes) answer).status());
  }

  private static Exchange exchange(Caller caller, String... headers) {
    MultiMap map = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < headers.length; i += 2) {
      map.add(headers[i], headers[i + 1]);
    }
    return new Exchange(
        new Exchange.Target("POST", "/buildAsync", Map.of(), Map.of()),
        map,
        new byte[0],
        "127.0.0.1",
        caller);
  }
}
