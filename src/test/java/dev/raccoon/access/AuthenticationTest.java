package dev.raccoon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.access.Authentication.Result;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.testing.SettableClock;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {
  private static final Actor ME = Actor.commandLine("me");

  private final TestDatabase database = TestDatabase.fresh();
  private final SettableClock clock = new SettableClock();
  private final TokenStore tokens = new TokenStore(database.database().jdbi(), clock);
  private final Authentication authentication = new Authentication(tokens, clock);

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void whoSendsNothingIsAnonymous() {
    assertThat(authentication.of(List.of())).isEqualTo(new Result.Known(Caller.ANONYMOUS));
    assertThat(Caller.ANONYMOUS.may(Scope.READ, "acme")).isFalse();
    assertThat(Caller.ANONYMOUS.readable()).isEqualTo(Namespaces.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer %s", "bearer %s", "BEARER   %s", "%s", "  %s "})
  void aTokenIsKnownInEachForm(String form) {
    TokenStore.Made made = made(Scope.BUILD, Namespaces.of(List.of("Acme", "other")));
    Caller caller = known(form.formatted(made.secret().reveal()));

    assertThat(caller.may(Scope.READ, "acme")).isTrue();
    assertThat(caller.may(Scope.BUILD, "ACME")).isTrue();
    assertThat(caller.may(Scope.ADMINISTER, "acme")).isFalse();
    assertThat(caller.may(Scope.READ, "third")).isFalse();
    assertThat(caller.administersAll()).isFalse();
    assertThat(caller.readable()).isEqualTo(Namespaces.of(List.of("acme", "other")));
  }

  @Test
  void administeringIncludesTheRest() {
    Caller caller = known(made(Scope.ADMINISTER, Namespaces.ALL).secret().reveal());
    for (Scope scope : Scope.values()) {
      assertThat(caller.may(scope, "any")).isTrue();
    }
    assertThat(caller.administersAll()).isTrue();
    Caller ofOne = known(made(Scope.ADMINISTER, Namespaces.of(List.of("a"))).secret().reveal());
    assertThat(ofOne.administersAll()).isFalse();
  }

  @Test
  void readingIsNothingMore() {
    Caller caller = known(made(Scope.READ, Namespaces.ALL).secret().reveal());
    assertThat(caller.may(Scope.READ, "any")).isTrue();
    assertThat(caller.may(Scope.BUILD, "any")).isFalse();
    assertThat(caller.administersAll()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Basic cm9vdDpyb290",
        "Bearer rcn_0000000000000000000000000000000000000000000000000",
        "Bearer \u0001",
        "null",
        "Bearer a b",
        "Digest username=x"
      })
  void otherTextIsRefusedAndNotRepeated(String value) {
    Result result = authentication.of(List.of(value));
    assertThat(result).isInstanceOf(Result.Refused.class);
    assertThat(((Result.Refused) result).sentence()).doesNotContain("rcn_0", "cm9v", "\u0001");
  }

  @Test
  void aTokenThatNobodyMadeIsRefused() {
    assertThat(refused(TokenSecret.random().reveal())).contains("does not know");
  }

  @Test
  void aGoodTokenBesideAnotherHeaderIsRefused() {
    String good = "Bearer " + made(Scope.READ, Namespaces.ALL).secret().reveal();
    assertThat(authentication.of(List.of(good, good))).isInstanceOf(Result.Refused.class);
    assertThat(authentication.of(List.of(good, "Basic x"))).isInstanceOf(Result.Refused.class);
  }

  @Test
  void aWithdrawnTokenIsRefusedAtOnce() {
    TokenStore.Made made = made(Scope.READ, Namespaces.ALL);
    known(made.secret().reveal());
    tokens.withdraw(made.token().id(), ME);
    assertThat(refused(made.secret().reveal())).contains("withdrawn");
  }

  @Test
  void aTokenEndsAtItsEnd() {
    TokenStore.Made made =
        tokens.create(
            new Token.Terms(
                "", Scope.READ, Namespaces.ALL, Optional.of(clock.instant().plusSeconds(60))),
            ME);
    clock.pass(Duration.ofSeconds(59));
    known(made.secret().reveal());
    clock.pass(Duration.ofSeconds(1));
    assertThat(refused(made.secret().reveal())).contains("ended");
  }

  @Test
  void noTokenIsMadeThatHasEnded() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() ->
            tokens.create(
                new Token.Terms("", Scope.READ, Namespaces.ALL, Optional.of(clock.instant())), ME));
  }

  @Test
  void itsUseIsNotedOnceAMinute() {
    TokenStore.Made made = made(Scope.READ, Namespaces.ALL);
    assertThat(lastUsed()).isEmpty();
    known(made.secret().reveal());
    Instant first = clock.instant();
    assertThat(lastUsed()).hasValue(first);
    clock.pass(Duration.ofSeconds(59));
    known(made.secret().reveal());
    assertThat(lastUsed()).hasValue(first);
    clock.pass(Duration.ofSeconds(1));
    known(made.secret().reveal());
    assertThat(lastUsed()).hasValue(clock.instant());
  }

  @Test
  void aUseThatCannotBeNotedKeepsNobodyOut() {
    TokenStore.Made made = made(Scope.READ, Namespaces.ALL);
    sql("create trigger no before update on token execute function audit_is_append_only()");
    known(made.secret().reveal());
    assertThat(lastUsed()).isEmpty();
    sql("drop trigger no on token");
    known(made.secret().reveal());
    assertThat(lastUsed()).hasValue(clock.instant());
  }

  @Test
  void aUseThatAnotherServerHasNotedIsNotNotedAgain() {
    TokenStore.Made made = made(Scope.READ, Namespaces.ALL);
    Instant first = clock.instant();
    tokens.used(made.token().id(), first, first.minusSeconds(60));
    tokens.used(made.token().id(), first.plusSeconds(59), first.minusSeconds(1));
    assertThat(lastUsed()).hasValue(first);
  }

  @Test
  void aTokenOutlivesItsNamespacesNameBecomingReserved() {
    TokenStore.Made made = made(Scope.READ, Namespaces.of(List.of("acme")));
    sql("update token set namespaces = '{acme,builds}'");
    assertThat(known(made.secret().reveal()).may(Scope.READ, "acme")).isTrue();
    assertThat(tokens.page(Long.MAX_VALUE, 10)).hasSize(1);
    assertThat(tokens.withdraw(made.token().id(), ME)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"+10000-01-01T00:00:00Z", "+999999999-12-31T23:59:59Z", "10000-01-01", "soon"})
  void anEndBeyondTheYear9999IsRefused(String raw) {
    assertThatExceptionOfType(InvalidValueException.class).isThrownBy(() -> Token.Terms.end(raw));
    assertThat(Token.Terms.end("9999-12-31T23:59:59.999999Z")).isAfter(clock.instant());
  }

  @Test
  void theDatabaseDoesNotHoldTheSecret() {
    String secret = made(Scope.READ, Namespaces.ALL).secret().reveal();
    List<String> rows =
        database
            .database()
            .jdbi()
            .withHandle(handle ->
                handle
                    .createQuery(
                        "select t::text from token t union all select a::text from audit a")
                    .mapTo(String.class)
                    .list());
    assertThat(rows).hasSize(2).noneMatch(row -> row.contains(secret.substring(4, 20)));
  }

  @Test
  void aWithdrawnTokenStaysInTheListAndIsNotWithdrawnTwice() {
    TokenStore.Made made = made(Scope.READ, Namespaces.ALL);
    Instant then = clock.instant();
    tokens.withdraw(made.token().id(), ME);
    clock.pass(Duration.ofHours(1));
    assertThat(tokens.withdraw(made.token().id(), ME).orElseThrow().withdrawnAt()).hasValue(then);
    assertThat(tokens.page(Long.MAX_VALUE, 10)).extracting(Token::id).hasSize(1);
    assertThat(new AuditStore(database.database().jdbi()).page(Long.MAX_VALUE, 10))
        .extracting(AuditEntry::act)
        .containsExactly("token.withdraw", "token.create");
    assertThat(tokens.withdraw(12345, ME)).isEmpty();
  }

  private void sql(String statement) {
    database.database().jdbi().useHandle(handle -> handle.execute(statement));
  }

  private Optional<Instant> lastUsed() {
    return tokens.page(Long.MAX_VALUE, 1).getFirst().lastUsedAt();
  }

  private TokenStore.Made made(Scope scope, Namespaces namespaces) {
    return tokens.create(new Token.Terms("ci", scope, namespaces, Optional.empty()), ME);
  }

  private Caller known(String header) {
    Result result = authentication.of(Collections.singletonList(header));
    assertThat(result).isInstanceOf(Result.Known.class);
    return ((Result.Known) result).caller();
  }

  private String refused(String header) {
    Result result = authentication.of(List.of(header));
    assertThat(result).isInstanceOf(Result.Refused.class);
    return ((Result.Refused) result).sentence();
  }
}
