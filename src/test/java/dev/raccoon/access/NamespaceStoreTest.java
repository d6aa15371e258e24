package dev.raccoon.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raccoon.access.NamespaceStore.Row;
import dev.raccoon.db.TestDatabase;
import dev.raccoon.testing.Patience;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceStoreTest {
  private static final Actor ME = Actor.commandLine("me");
  private static final String LEARN =
      "insert into package (namespace, name, clone_url) values (?, ?, 'https://git.example.org/x')";

  private final TestDatabase database = TestDatabase.fresh();
  private final Jdbi jdbi = database.database().jdbi();
  private final NamespaceStore namespaces = new NamespaceStore(jdbi);
  private final AuditStore audit = new AuditStore(jdbi);

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void packagesThatAreThereAndThoseToComeFollowTheirNamespace() {
    learn("Acme", "old");
    learn("other", "old");
    namespaces.set("ACME", true, ME);
    learn("acme", "new");

    assertThat(hidden()).containsExactlyInAnyOrder("Acme/old", "acme/new");
    assertThat(namespaces.isPrivate("aCme")).isTrue();
    assertThat(namespaces.isPrivate("other")).isFalse();

    namespaces.set("acme", false, ME);
    learn("acme", "newest");
    assertThat(hidden()).isEmpty();
    assertThat(namespaces.isPrivate("acme")).isFalse();
  }

  @Test
  void aPackageThatIsJustBeingMadeKnownDoesNotSlipThrough() throws Exception {
    CompletableFuture<Void> made;
    try (Handle requests = jdbi.open()) {
      requests.begin();
      requests.execute(LEARN, "acme", "demo");
      made = CompletableFuture.runAsync(() -> namespaces.set("acme", true, ME));
      Patience.await(() -> Optional.of(waiting()).filter(n -> n > 0));
      requests.commit();
    }
    made.get();
    assertThat(hidden()).containsExactly("acme/demo");
  }

  @Test
  void nobodyTakesAnUnfinishedSecretForAPublicNamespace() throws Exception {
    CompletableFuture<Void> learnt;
    try (Handle administrator = jdbi.open()) {
      administrator.begin();
      administrator.execute("insert into namespace (name, private) values ('acme', true)");
      learnt = CompletableFuture.runAsync(() -> learn("ACME", "demo"));
      Patience.await(() -> Optional.of(waiting()).filter(n -> n > 0));
      administrator.commit();
    }
    learnt.get();
    assertThat(hidden()).containsExactly("ACME/demo");
  }

  @Test
  void theListHasThoseWithPackagesAndThoseThatWereSpokenOf() {
    learn("Acme", "one");
    learn("acme", "two");
    learn("zoo", "one");
    namespaces.set("mine", true, ME);
    namespaces.set("zoo", true, ME);

    assertThat(namespaces.page("", 10, Namespaces.ALL))
        .containsExactly(
            new Row("acme", false, 2), new Row("mine", true, 0), new Row("zoo", true, 1));
    assertThat(namespaces.page("acme", 1, Namespaces.ALL))
        .containsExactly(new Row("mine", true, 0));
    assertThat(namespaces.page("", 10, Namespaces.of(List.of("zoo"))))
        .containsExactly(new Row("zoo", true, 1));
  }

  @Test
  void eachChangeIsInTheAuditLogAndWhatChangesNothingIsNot() {
    namespaces.set("acme", true, new Actor("token 1", Optional.of("192.0.2.7")));
    namespaces.set("Acme", true, ME);
    namespaces.set("acme", false, ME);

    List<AuditEntry> acts = audit.page(Long.MAX_VALUE, 10);
    assertThat(acts)
        .extracting(AuditEntry::act, AuditEntry::subject)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("namespace.public", "acme"),
            org.assertj.core.api.Assertions.tuple("namespace.private", "acme"));
    assertThat(acts.getLast().actor()).isEqualTo(new Actor("token 1", Optional.of("192.0.2.7")));
    assertThat(audit.page(acts.getFirst().id(), 10)).containsExactly(acts.getLast());
  }

  @Test
  void makingPublicWhatNobodyKnowsWritesNothing() {
    namespaces.set("nowhere", false, ME);
    assertThat(namespaces.page("", 10, Namespaces.ALL)).isEmpty();
    assertThat(audit.page(Long.MAX_VALUE, 10)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"update audit set actor = 'x'", "delete from audit", "truncate audit"})
  void theAuditLogOnlyGrows(String statement) {
    namespaces.set("acme", true, ME);
    assertThatExceptionOfType(JdbiException.class)
        .isThrownBy(() -> jdbi.useHandle(handle -> handle.execute(statement)))
        .withMessageContaining("append-only");
    assertThat(audit.page(Long.MAX_VALUE, 10)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "..", "builds", "a b", "x'; drop table token"})
  void aNameThatNoPackageCanHaveIsRefused(String name) {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> namespaces.set(name, true, ME));
  }

  private void learn(String namespace, String name) {
    jdbi.useHandle(handle -> handle.execute(LEARN, namespace, name));
  }

  private List<String> hidden() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("select namespace || '/' || name from package where private")
            .mapTo(String.class)
            .list());
  }

  private int waiting() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "select count(*) from pg_locks where locktype = 'advisory' and not granted and"
                    + " database = (select oid from pg_database where datname = current_database())")
            .mapTo(Integer.class)
            .one());
  }
}
