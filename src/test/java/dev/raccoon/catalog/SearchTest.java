package dev.raccoon.catalog;

import static dev.raccoon.catalog.Scenario.LOG;
import static dev.raccoon.catalog.Scenario.tag;
import static dev.raccoon.catalog.Scenario.wanted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.catalog.SearchStore.Available;
import dev.raccoon.catalog.SearchStore.AvailableVersion;
import dev.raccoon.catalog.SearchStore.Criteria;
import dev.raccoon.queue.Lease;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpSelector;
import dev.raccoon.value.PackageName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SearchTest {
  private static final Page.Request FIRST = new Page.Request(100, Optional.empty());
  private static final PackageName POOL = new PackageName("acme", "pool");
  private static final PackageName POOLBOY = new PackageName("Devin", "PoolBoy");

  private final Scenario scenario = new Scenario();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void theVeryNameComesFirstThenTheNewest() {
    BuildId exact = scenario.good(POOL, tag("1.0.0", 1, "25.3"));
    BuildId older = scenario.good(POOLBOY, tag("1.0.0", 2, "25.3"));
    BuildId newer = scenario.good(POOLBOY, tag("1.0.1", 3, "25.3"));
    BuildId exactElsewhere = scenario.good(new PackageName("b", "POOL"), tag("1.0.0", 4, "25.3"));

    assertThat(search("Pool", "", "", "")).containsExactly(exactElsewhere, exact, newer, older);
    assertThat(search("", "", "", "")).containsExactly(exactElsewhere, newer, older, exact);
    assertThat(search("oo", "", "", "")).containsExactly(exactElsewhere, newer, older, exact);
  }

  @Test
  void caseIsForgivenInNamesAndNamespaces() {
    BuildId build = scenario.good(POOLBOY, tag("1.0.0", 1, "25.3"));

    assertThat(search("POOLB", "DEVIN", "", "")).containsExactly(build);
    assertThat(search("poolboy", "devin", "", "")).containsExactly(build);
    assertThat(search("", "devi", "", "")).isEmpty();
  }

  @Test
  void charactersThatMeanSomethingToTheDatabaseMeanThemselves() {
    BuildId underscore = scenario.good(new PackageName("a", "a_b"), tag("1.0.0", 1, "25.3"));
    scenario.good(new PackageName("a", "axb"), tag("1.0.0", 2, "25.3"));

    assertThat(search("a_b", "", "", "")).containsExactly(underscore);
    assertThat(search("_", "", "", "")).containsExactly(underscore);
    assertThat(search("%", "", "", "")).isEmpty();
    assertThat(search("\\", "", "", "")).isEmpty();
    assertThat(search("a\\_b", "", "", "")).isEmpty();
    assertThat(search("'; drop table build; --", "", "", "")).isEmpty();
    assertThat(search("", "a%", "", "")).isEmpty();
  }

  @Test
  void aVersionIsWholeAndAnOtpIsAReleaseOrExact() {
    BuildId on25 = scenario.good(POOL, tag("1.0.0", 1, "25.3"));
    BuildId on25Point4 = scenario.good(POOL, tag("1.0.0", 1, "25.4"));
    BuildId on27 = scenario.good(POOL, tag("1.0.1", 2, "27.1"));

    assertThat(search("", "", "1.0.0", "")).containsExactly(on25Point4, on25);
    assertThat(search("", "", "1.0", "")).isEmpty();
    assertThat(search("", "", "", "25")).containsExactly(on25Point4, on25);
    assertThat(search("", "", "", "25.3")).containsExactly(on25);
    assertThat(search("pool", "acme", "1.0.1", "27")).containsExactly(on27);
    assertThat(search("pool", "acme", "1.0.1", "25")).isEmpty();
  }

  @Test
  void failedBuildsAreListedAndThoseThatStandForAnotherOrHaveNotEndedAreNot() {
    BuildId good = scenario.good(POOL, tag("1.0.0", 1, "25.3"));
    scenario.ask(POOL, wanted("1.0.0", ""));
    Lease again = scenario.claim();
    scenario.resolutions.resolve(again, tag("1.0.0", 1, "25.3"));
    scenario.leased.succeedAs(again, good, LOG);
    scenario.ask(POOL, wanted("9.9.9", "25"));
    Lease failed = scenario.claim();
    scenario.leased.fail(failed, FailureKind.SOURCE, "There is no tag 9.9.9.", LOG);
    scenario.ask(POOL, wanted("1.0.1", "25"), wanted("1.0.2", "25"));
    scenario.claim();

    assertThat(search("", "", "", "")).containsExactly(failed.build(), good);
    BuildSummary row = scenario.search.last(1, Namespaces.ALL).getFirst();
    assertThat(row.success()).isFalse();
    assertThat(row.message()).isEqualTo("There is no tag 9.9.9.");
    assertThat(row.ref()).contains("9.9.9");
    assertThat(row.otpMajor()).contains(25);
    assertThat(row.otpVersion()).isEmpty();
  }

  @Test
  void whatIsAvailableIsGoodAndMatchesAnyOfTheWanted() {
    BuildId one = scenario.good(POOL, tag("1.0.0", 1, "25.3"));
    BuildId two = scenario.good(POOL, tag("1.0.1", 2, "27.1"));
    scenario.good(POOLBOY, tag("1.0.0", 3, "25.3"));
    PackageName shouted = new PackageName("ACME", "POOL");

    assertThat(available(shouted)).containsExactly(two, one);
    assertThat(available(shouted, wanted("1.0.0", ""), wanted("", "27"))).containsExactly(two, one);
    assertThat(available(shouted, wanted("1.0.0", "25"))).containsExactly(one);
    assertThat(available(shouted, wanted("1.0.0", "25.3"))).containsExactly(one);
    assertThat(available(shouted, wanted("1.0.0", "25.4"))).isEmpty();
    assertThat(available(shouted, wanted("1.0.0", "27"))).isEmpty();
    assertThat(available(new PackageName("acme", "nothing"))).isEmpty();
  }

  @Test
  void thereIsOneVersionForEachRefAndReleaseThoseBuiltLastFirst() {
    scenario.good(POOL, tag("1.0.0", 1, "25.3"));
    scenario.good(POOL, tag("1.0.0", 1, "25.4"));
    scenario.good(POOL, tag("1.0.1", 2, "25.3"));
    scenario.good(POOL, tag("1.0.0", 1, "27.1"));
    Available all = new Available(POOL, List.of(), Namespaces.NONE);

    assertThat(scenario.search.versions(all, 10))
        .extracting(AvailableVersion::ref, AvailableVersion::otpMajor)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("1.0.0", 27),
            org.assertj.core.groups.Tuple.tuple("1.0.1", 25),
            org.assertj.core.groups.Tuple.tuple("1.0.0", 25));
    assertThat(scenario.search.versions(all, 2)).hasSize(2);
  }

  @Test
  void theNewestIsFoundWithItsMainArtifactInTheFormatThatIsAskedFor() {
    BuildId build = scenario.good(POOL, tag("1.0.0", 1, "25.3"));
    Available all = new Available(POOL, List.of(), Namespaces.NONE);

    assertThat(scenario.search.newest(all, Optional.empty(), "ep"))
        .contains(new SearchStore.Found(build, Scenario.artifact("demo", true)));
    assertThat(scenario.search.newest(all, Optional.empty(), "cp")).isEmpty();
    assertThat(scenario.search.newest(all, Optional.of("demo"), "ep")).isPresent();
    assertThat(scenario.search.newest(all, Optional.of("other"), "ep")).isEmpty();
  }

  @Test
  void aPagesLimitIsFromOneToAThousand() {
    assertThatThrownBy(() -> new Page.Request(0, Optional.empty()))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> new Page.Request(1_001, Optional.empty()))
        .isInstanceOf(InvalidValueException.class);
  }

  private List<BuildId> available(PackageName name, Wanted... wanted) {
    Page<BuildSummary> page =
        scenario.search.available(new Available(name, List.of(wanted), Namespaces.NONE), FIRST);
    assertThat(page.total()).isEqualTo(page.rows().size());
    return scenario.ids(page.rows());
  }

  private List<BuildId> search(String name, String namespace, String version, String otp) {
    Page<BuildSummary> page =
        scenario.search.search(
            new Criteria(
                said(name),
                said(namespace),
                said(version),
                said(otp).map(OtpSelector::parse),
                Namespaces.NONE),
            FIRST);
    assertThat(page.total()).isEqualTo(page.rows().size());
    return scenario.ids(page.rows());
  }

  private static Optional<String> said(String text) {
    return Optional.of(text).filter(t -> !t.isEmpty());
  }
}
