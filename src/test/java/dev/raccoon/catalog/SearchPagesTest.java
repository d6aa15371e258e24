package dev.raccoon.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.access.Actor;
import dev.raccoon.access.NamespaceStore;
import dev.raccoon.catalog.SearchStore.Available;
import dev.raccoon.catalog.SearchStore.Criteria;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** On many builds at random, of which many ended at the same moment. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchPagesTest {
  private static final String[] NAMES = {"er", "eri", "server", "er_", "pool"};
  private static final Set<String> PRIVATE = Set.of("ns1", "ns2");
  private static final String[] OTPS = {"25.3", "25.4", "27.1"};
  private static final long SEED = System.nanoTime();

  private final Random random = new Random(SEED);
  private final Scenario scenario = new Scenario();

  @BeforeAll
  void fill() {
    for (int i = 0; i < 300; i++) {
      PackageName name = new PackageName("ns" + random.nextInt(3), NAMES[random.nextInt(5)]);
      insert(name, random.nextInt(4));
    }
    for (String hidden : PRIVATE) {
      new NamespaceStore(scenario.jdbi).set(hidden, true, Actor.commandLine("test"));
    }
  }

  private Namespaces readable() {
    return List.of(
            Namespaces.NONE,
            Namespaces.ALL,
            Namespaces.of(List.of("NS1")),
            Namespaces.of(List.of("ns0", "ns2", "ns9")))
        .get(random.nextInt(4));
  }

  @AfterAll
  void close() {
    scenario.close();
  }

  @Test
  void pagesOneAfterTheOtherAreTheWholeListInItsOrder() {
    for (int i = 0; i < 60; i++) {
      Criteria criteria =
          new Criteria(
              maybe("er", "eri", "_", "e", "pool", "none"),
              maybe("ns0", "NS1"),
              maybe("v0", "v1"),
              maybe("25", "25.3", "27").map(OtpSelector::parse),
              readable());
      int limit = 1 + random.nextInt(50);
      Page<BuildSummary> whole =
          scenario.search.search(criteria, new Page.Request(1_000, Optional.empty()));

      assertThat(pages(limit, page -> scenario.search.search(criteria, page)))
          .as("%s by %s, seed %s", criteria, limit, SEED)
          .isEqualTo(whole.rows());
      assertThat(whole.total()).as("%s, seed %s", criteria, SEED).isEqualTo(whole.rows().size());
      assertThat(scenario.ids(whole.rows()))
          .as("%s, seed %s", criteria, SEED)
          .isEqualTo(expected(criteria));
    }
  }

  @Test
  void pagesOfWhatIsAvailableAreTheWholeListToo() {
    for (String name : NAMES) {
      Available asked =
          new Available(
              new PackageName("ns0", name), List.of(Scenario.wanted("", "25")), Namespaces.NONE);
      Page<BuildSummary> whole =
          scenario.search.available(asked, new Page.Request(1_000, Optional.empty()));

      assertThat(pages(3, page -> scenario.search.available(asked, page))).isEqualTo(whole.rows());
      assertThat(whole.total()).isEqualTo(whole.rows().size());
    }
  }

  @Test
  void aRowThatIsHiddenIsNoPlaceToGoOnFrom() {
    BuildSummary hidden =
        scenario.search.last(1_000, Namespaces.ALL).stream()
            .filter(row -> PRIVATE.contains(row.namespace()))
            .findFirst()
            .orElseThrow();
    for (Optional<String> name : List.of(Optional.<String>empty(), Optional.of(hidden.name()))) {
      Criteria criteria =
          new Criteria(name, Optional.empty(), Optional.empty(), Optional.empty(), Namespaces.NONE);
      assertThat(scenario.search.search(criteria, behind(hidden.id())))
          .isEqualTo(scenario.search.search(criteria, behind(scenario.unknown())));
    }
    Available asked = new Available(new PackageName("ns0", "er"), List.of(), Namespaces.NONE);
    assertThat(scenario.search.available(asked, behind(hidden.id())))
        .isEqualTo(scenario.search.available(asked, behind(scenario.unknown())));
  }

  private static Page.Request behind(BuildId id) {
    return new Page.Request(100, Optional.of(id));
  }

  @Test
  void noListTakesMoreThanTwoStatements() {
    Criteria all =
        new Criteria(
            Optional.of("er"),
            Optional.of("ns0"),
            Optional.of("v1"),
            Optional.of(OtpSelector.parse("25")),
            Namespaces.NONE);
    Available asked =
        new Available(
            new PackageName("ns0", "er"), List.of(Scenario.wanted("v1", "25")), Namespaces.NONE);
    BuildId some = scenario.search.last(1, Namespaces.ALL).getFirst().id();
    Page.Request second = new Page.Request(10, Optional.of(some));

    assertThat(statements(() -> scenario.search.search(all, second))).isEqualTo(2);
    assertThat(statements(() -> scenario.search.available(asked, second))).isEqualTo(2);
    assertThat(statements(() -> scenario.search.last(10, Namespaces.ALL))).isEqualTo(1);
    assertThat(statements(() -> scenario.search.versions(asked, 10))).isEqualTo(1);
    assertThat(statements(() -> scenario.search.newest(asked, Optional.empty(), "ep")))
        .isEqualTo(1);
    assertThat(statements(() -> scenario.builds.find(some))).isEqualTo(1);
    assertThat(statements(() -> scenario.builds.artifacts(some, Namespaces.ALL))).isEqualTo(1);
    assertThat(statements(() -> scenario.builds.answering(UUID.randomUUID(), Namespaces.ALL)))
        .isEqualTo(1);
  }

  private int statements(Supplier<?> call) {
    AtomicInteger count = new AtomicInteger();
    scenario
        .jdbi
        .getConfig(SqlStatements.class)
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logAfterExecution(StatementContext context) {
                count.incrementAndGet();
              }
            });
    var _ = call.get();
    return count.get();
  }

  private static List<BuildSummary> pages(
      int limit, Function<Page.Request, Page<BuildSummary>> list) {
    List<BuildSummary> rows = new ArrayList<>();
    List<BuildSummary> page = list.apply(new Page.Request(limit, Optional.empty())).rows();
    while (!page.isEmpty()) {
      rows.addAll(page);
      page = list.apply(new Page.Request(limit, Optional.of(rows.getLast().id()))).rows();
    }
    return rows;
  }

  /** The same list, from plain Java over all rows. */
  private List<BuildId> expected(Criteria criteria) {
    String exact = criteria.name().orElse("");
    List<BuildSummary> all = scenario.search.last(1_000, Namespaces.ALL);
    List<BuildSummary> matching = all.stream().filter(row -> meets(row, criteria)).toList();
    List<BuildSummary> ordered = new ArrayList<>();
    matching.stream().filter(row -> row.name().equals(exact)).forEach(ordered::add);
    matching.stream().filter(row -> !row.name().equals(exact)).forEach(ordered::add);
    return scenario.ids(ordered);
  }

  private static boolean meets(BuildSummary row, Criteria criteria) {
    boolean shown =
        !PRIVATE.contains(row.namespace()) || criteria.readable().contains(row.namespace());
    return shown
        && criteria.name().map(part -> row.name().contains(part)).orElse(true)
        && criteria.namespace().map(row.namespace()::equalsIgnoreCase).orElse(true)
        && criteria.version().map(row.ref().orElse("")::equals).orElse(true)
        && criteria
            .otp()
            .map(otp ->
                otp.isMajor()
                    ? row.otpMajor().equals(Optional.of(otp.asked().major()))
                    : row.otpVersion().equals(Optional.of(otp.toString())))
            .orElse(true);
  }

  private Optional<String> maybe(String... values) {
    return random.nextBoolean()
        ? Optional.empty()
        : Optional.of(values[random.nextInt(values.length)]);
  }

  /** A build of one of four kinds: two good ones, a failed one, and one that is queued. */
  private void insert(PackageName name, int kind) {
    String otp = OTPS[random.nextInt(3)];
    String ref = "v" + random.nextInt(3);
    BuildId build = scenario.ask(name, Scenario.wanted(ref, otp)).builds().getFirst();
    if (kind == 3) {
      return;
    }
    scenario.sql("update build set priority = priority + 1 where id = ?", build.uuid());
    if (kind == 2) {
      scenario.leased.fail(scenario.claim(), FailureKind.COMPILE, "No.", Scenario.LOG);
    } else {
      scenario.succeed(Scenario.tag(ref, 7, otp));
    }
    int moment = random.nextInt(20);
    scenario.sql(
        "update build set finished_at = timestamptz '2026-01-01' + ? * interval '1 s' where id = ?",
        moment,
        build.uuid());
  }
}
