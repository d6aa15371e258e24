package dev.raccoon.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raccoon.catalog.SearchStore.Available;
import dev.raccoon.catalog.SearchStore.Criteria;
import dev.raccoon.db.DatabaseAddress;
import dev.raccoon.queue.Builders;
import dev.raccoon.queue.Claims;
import dev.raccoon.queue.QueueControlStore;
import dev.raccoon.queue.QueueListStore;
import dev.raccoon.queue.QueuedBuild;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/**
 * How long the catalogue's questions take with a million ended builds and 100,000 that wait: {@code
 * bench/catalogue} runs this. Prints the median and the 99th percentile in milliseconds.
 */
final class CatalogueAtScale {
  private static final Page.Request PAGE = new Page.Request(100, Optional.empty());
  private static final int RUNS = 200;

  private final Scenario scenario;

  private CatalogueAtScale(Scenario scenario) {
    this.scenario = scenario;
  }

  public static void main(String[] arguments) throws IOException {
    try (Scenario scenario = new Scenario()) {
      CatalogueAtScale scale = new CatalogueAtScale(scenario);
      scale.fill();
      System.out.printf("%-44s %8s %8s%n", "", "median", "p99");
      scale.searches();
      scenario.sql("insert into namespace (name, private) values ('ns3', true), ('ns4', true)");
      System.out.println("with a fiftieth private:");
      scale.searches();
      scale.lists();
      scale.queue();
      scale.manyAtOnce(32);
      if (arguments.length > 0) {
        System.out.println(scenario.address().jdbcUrl() + " " + scenario.address().password());
        System.in.read();
      }
    }
  }

  private void fill() throws IOException {
    try (InputStream script =
        CatalogueAtScale.class.getResourceAsStream("catalogue-at-scale.sql")) {
      String sql = new String(script.readAllBytes(), UTF_8);
      // Not the pool's connection, which gives a statement a minute.
      DatabaseAddress address = scenario.address();
      Jdbi.create(address.jdbcUrl(), address.user(), address.password())
          .useHandle(handle -> handle.createScript(sql).executeAsSeparateStatements());
    }
  }

  private void searches() {
    search("everything", "", "", "", "");
    search("exact name", "server77", "", "", "");
    search("common part", "er", "", "", "");
    search("rare part", "rver777", "", "", "");
    search("part that is nowhere", "zebra", "", "", "");
    search("namespace", "", "ns7", "", "");
    search("common version", "", "", "v1", "");
    search("version", "", "", "v1.100", "");
    search("common OTP release", "", "", "", "25");
    search("rare OTP version", "", "", "", "28.0");
    search("common part, OTP", "er", "", "", "27");
    search("common part, version", "er", "", "v1.100", "");
    search("namespace and name, version, OTP", "server77", "ns55", "v1", "25");
  }

  private void search(String what, String name, String namespace, String version, String otp) {
    Criteria criteria =
        new Criteria(
            said(name),
            said(namespace),
            said(version),
            said(otp).map(OtpSelector::parse),
            Namespaces.NONE);
    Page<BuildSummary> first = scenario.search.search(criteria, PAGE);
    time("search: " + what, () -> scenario.search.search(criteria, PAGE));
    if (first.rows().size() == PAGE.limit()) {
      Page.Request second = new Page.Request(100, Optional.of(first.rows().getLast().id()));
      time("search: " + what + ", second page", () -> scenario.search.search(criteria, second));
    }
  }

  private void lists() {
    PackageName name = new PackageName("ns15", "server7");
    Available all = new Available(name, List.of(), Namespaces.NONE);
    Available one = new Available(name, List.of(Scenario.wanted("v1", "25")), Namespaces.NONE);
    BuildId some = scenario.search.last(1, Namespaces.ALL).getFirst().id();
    time("last_builds", () -> scenario.search.last(100, Namespaces.NONE));
    time("available, all", () -> scenario.search.available(all, PAGE));
    time("available, one version", () -> scenario.search.available(one, PAGE));
    time("versions", () -> scenario.search.versions(all, 1_000));
    time("newest, any", () -> scenario.search.newest(all, Optional.empty(), "ep"));
    time("newest, one version", () -> scenario.search.newest(one, Optional.empty(), "ep"));
    time(
        "newestGood",
        () -> scenario.builds.newestGood(name, new Ref("v1"), new OtpVersion("25.3.2.8")));
    time("find", () -> scenario.builds.find(some, Namespaces.NONE));
    time("artifacts", () -> scenario.builds.artifacts(some, Namespaces.NONE));
  }

  private void queue() {
    QueueControlStore queue = new QueueControlStore(scenario.jdbi);
    int[] number = {0};
    time(
        "request and its build",
        () ->
            scenario.ask(
                new PackageName("ns15", "server7"), Scenario.wanted("new" + number[0]++, "25")));
    QueueListStore list = new QueueListStore(scenario.jdbi);
    List<QueuedBuild> rows = list.page(Optional.empty(), 1_000);
    time("the queue's first page of 100", () -> list.page(Optional.empty(), 100));
    time("a page of 100 behind 1,000", () -> list.page(Optional.of(rows.getLast().key()), 100));
    QueuedBuild.Key deep = behind(90_000);
    time("a page of 100 behind 90,000", () -> list.page(Optional.of(deep), 100));
    Builders have = new Builders(true, List.of(new OtpVersion("25.3")));
    time("how the queue stands, 100,000 waiting", () -> queue.standing(have));
    time("the place of one of them", () -> queue.places(List.of(rows.getLast().id()), have));
    time("the place of a late one", () -> queue.places(List.of(deep.build()), have));
    time("claim, 100,000 waiting", () -> Claims.next(scenario.jdbi));
    scenario.sql("update build set not_before = now() + interval '1 h' where state = 'QUEUED'");
    scenario.sql(
        "update build set not_before = now() where id in "
            + "(select id from build where state = 'QUEUED' order by queued_at desc, id desc limit 300)");
    scenario.sql("vacuum analyze build");
    time("claim, 100,000 that may not start yet", () -> Claims.next(scenario.jdbi));
    Builders builders = new Builders(true, List.of(new OtpVersion("25.3")));
    time("how the queue stands", () -> queue.standing(builders));
  }

  private QueuedBuild.Key behind(int builds) {
    return scenario.jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select priority, turn, id from build where state = 'QUEUED'
                order by priority desc, turn, id offset :builds limit 1
                """)
            .bind("builds", builds)
            .map((row, context) ->
                new QueuedBuild.Key(
                    false,
                    row.getInt("priority"),
                    row.getLong("turn"),
                    new BuildId(row.getObject("id", UUID.class))))
            .one());
  }

  /** The searches that clients make most, by so many clients at once. */
  private void manyAtOnce(int clients) {
    List<Criteria> mix =
        List.of(
            new Criteria(
                said(""), said(""), said(""), said("").map(OtpSelector::parse), Namespaces.NONE),
            new Criteria(
                said("er"), said(""), said(""), said("").map(OtpSelector::parse), Namespaces.NONE),
            new Criteria(
                said("server77"),
                said(""),
                said(""),
                said("").map(OtpSelector::parse),
                Namespaces.NONE),
            new Criteria(
                said("rver777"),
                said(""),
                said(""),
                said("").map(OtpSelector::parse),
                Namespaces.NONE));
    double[] millis = new double[20 * RUNS];
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      for (int i = 0; i < millis.length; i++) {
        int call = i;
        var _ =
            threads.submit(() -> millis[call] = millis(() -> search(mix.get(call % mix.size()))));
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    print("search: a mix, " + clients + " clients", millis);
    System.out.printf("%.0f searches a second%n", millis.length / seconds);
  }

  private Page<BuildSummary> search(Criteria criteria) {
    return scenario.search.search(criteria, PAGE);
  }

  private static void time(String what, Supplier<?> call) {
    double[] millis = new double[RUNS];
    Arrays.setAll(millis, run -> millis(call));
    print(what, millis);
  }

  private static double millis(Supplier<?> call) {
    long start = System.nanoTime();
    var _ = call.get();
    return (System.nanoTime() - start) / 1e6;
  }

  private static void print(String what, double[] millis) {
    Arrays.sort(millis);
    System.out.printf(
        "%-44s %8.2f %8.2f%n", what, millis[millis.length / 2], millis[millis.length * 99 / 100]);
  }

  private static Optional<String> said(String text) {
    return Optional.of(text).filter(t -> !t.isEmpty());
  }
}
