package dev.raccoon.retention;

import static dev.raccoon.catalog.Scenario.DEMO;
import static dev.raccoon.catalog.Scenario.tag;
import static dev.raccoon.catalog.Scenario.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.ResolutionStore.Resolved;
import dev.raccoon.config.RetentionRules;
import dev.raccoon.queue.Lease;
import dev.raccoon.value.BuildId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which builds the rules keep, and which stay whatever they say. */
class RetentionRulesTest {
  private static final RetentionRules MONTH = new RetentionRules(30, 0, 0, 0);

  @TempDir Path folder;
  private OldBuilds old;

  @BeforeEach
  void open() throws IOException {
    old = new OldBuilds(folder);
  }

  @AfterEach
  void close() {
    old.close();
  }

  private BuildId good(int daysAgo) throws IOException {
    return old.good(tag("1.0.0", 1, "25.3"), daysAgo, "package of " + daysAgo + " days ago");
  }

  @Test
  void withoutARuleEverythingIsKept() throws IOException {
    good(1000);
    good(900);
    old.failed("0.1.0", 1000);
    assertThat(old.expired(RetentionRules.NONE)).isEmpty();
  }

  @Test
  void byAgeTheNewestGoodBuildOfAVersionAndOtpStaysAtAnyAge() throws IOException {
    BuildId first = good(300);
    BuildId second = good(200);
    old.failed("1.0.0", 10);
    BuildId bad = old.failed("1.0.0", 100);
    old.good(tag("1.0.0", 1, "26.1"), 400, "for another OTP");
    old.good(tag("1.1.0", 2, "25.3"), 400, "of another version");
    old.good(tag("1.0.0", 3, "25.3"), 400, "of the tag, moved");
    good(100);

    assertThat(old.expired(MONTH)).containsExactly(first, second, bad);
    assertThat(old.expired(new RetentionRules(250, 0, 0, 0))).containsExactly(first);
  }

  @Test
  void byCountTheNewestOfAVersionOrOfAPackageStay() throws IOException {
    BuildId first = good(300);
    BuildId second = good(200);
    good(100);
    BuildId bad = old.failed("1.0.0", 2);
    old.failed("1.0.0", 1);

    assertThat(old.expired(new RetentionRules(0, 0, 1, 0))).containsExactly(first, second, bad);
    assertThat(old.expired(new RetentionRules(0, 0, 2, 0))).containsExactly(first);
    old.good(tag("1.1.0", 2, "25.3"), 50, "newer, of another version");
    assertThat(old.expired(new RetentionRules(0, 0, 0, 3))).containsExactly(first);
  }

  @Test
  void whatOneRuleKeepsStaysThoughAnotherDoesNot() throws IOException {
    BuildId first = good(300);
    good(200);
    good(100);
    assertThat(old.expired(new RetentionRules(30, 0, 2, 0))).containsExactly(first);
    assertThat(old.expired(new RetentionRules(250, 0, 1, 0))).containsExactly(first);
    assertThat(old.expired(new RetentionRules(350, 0, 1, 0))).isEmpty();
  }

  @Test
  void byUseADownloadAndAnAnswerCountAsTheEndDoes() throws IOException {
    BuildId first = good(300);
    BuildId second = good(200);
    good(100);
    RetentionRules used = new RetentionRules(0, 30, 0, 0);
    assertThat(old.expired(used)).containsExactly(first, second);

    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    LastDownloadStore downloads = new LastDownloadStore(old.scenario.jdbi);
    downloads.write(List.of(first), today.minusDays(30));
    assertThat(old.expired(used)).containsExactly(second);
    downloads.write(List.of(second), today.minusDays(31));
    assertThat(old.expired(used)).containsExactly(second);
    downloads.write(List.of(first), today.minusDays(99));
    assertThat(old.expired(used)).containsExactly(second);

    old.scenario.sql(
        "update request r set created_at = now() from request_build a where a.request_id = r.id and a.build_id = ?",
        second.uuid());
    assertThat(old.expired(used)).isEmpty();
    assertThat(old.expired(MONTH)).containsExactly(first);
  }

  @Test
  void whatStandsForAnotherBuildStays() throws IOException {
    BuildId first = good(300);
    old.scenario.queued("1.0.0");
    Lease again = old.scenario.claim();
    old.scenario.resolutions.resolve(again, tag("1.0.0", 1, "25.3"));
    assertThat(old.scenario.leased.succeedAs(again, first, old.log(again.build()))).isTrue();
    old.age(again.build(), 250);
    good(100);

    assertThat(old.expired(MONTH)).containsExactly(again.build());
    old.remove(MONTH);
    assertThat(old.scenario.find(first).removedAt()).isEmpty();
  }

  @Test
  void whatAPlaceholderHasSplitIntoStaysWhileThePlaceholderDoes() throws IOException {
    old.scenario.ask(DEMO, wanted("1.0.0", ""));
    Lease placeholder = old.scenario.claim();
    old.scenario.resolutions.resolve(placeholder, tag("1.0.0", 1, "25.3", "26.1"));
    old.succeed(placeholder, "for 25");
    Lease split = old.scenario.claim();
    old.scenario.resolutions.resolve(split, tag("1.0.0", 1, "26.1"));
    old.succeed(split, "for 26");
    old.age(split.build(), 300);
    old.good(tag("1.0.0", 1, "26.1"), 100, "for 26, again");
    assertThat(old.expired(MONTH)).isEmpty();

    old.age(placeholder.build(), 300);
    old.good(tag("1.0.0", 1, "25.3"), 100, "for 25, again");
    assertThat(old.remove(MONTH)).containsExactly(placeholder.build());
    assertThat(old.remove(MONTH)).containsExactly(split.build());
  }

  @Test
  void whatAnswersARequestOfWhichABuildWaitsStays() throws IOException {
    BuildId first = good(300);
    good(100);
    BuildId waiting = old.scenario.queued("2.0.0");
    old.scenario.sql(
        "insert into request_build select request_id, ? from build where id = ?",
        first.uuid(),
        waiting.uuid());
    old.scenario.sql("update request set created_at = now() - interval '1 year'");
    assertThat(old.expired(MONTH)).isEmpty();
    Lease lease = old.scenario.claim();
    assertThat(old.expired(MONTH)).isEmpty();
    old.scenario.resolutions.resolve(lease, tag("2.0.0", 4, "25.3"));
    old.succeed(lease, "of 2.0.0");
    assertThat(old.expired(MONTH)).containsExactly(first);
  }

  @Test
  void whatAnotherBuildHasUsedStays() throws IOException {
    BuildId first = good(300);
    BuildId second = good(100);
    old.scenario.sql(
        """
        insert into build_dependency (build_id, position, name, kind, revision, source, digest)
        select ?, 0, 'demo', 'HEX', '1.0.0', '', digest from artifact where build_id = ?
        """,
        second.uuid(),
        first.uuid());
    assertThat(old.expired(MONTH)).isEmpty();
  }

  @Test
  void ofABranchTheNewestGoodBuildStays() throws IOException {
    BuildId first = old.good(branch(1), 300, "of one commit");
    BuildId second = old.good(branch(2), 200, "of another");
    old.good(branch(3), 100, "of the third");
    assertThat(old.expired(MONTH)).containsExactly(first, second);
  }

  private static Resolved branch(int commit) {
    Resolved tag = tag("main", commit, "25.3");
    return new Resolved(tag.ref(), "BRANCH", tag.commit(), tag.otp(), List.of());
  }
}
