package dev.raccoon.catalog;

import static dev.raccoon.catalog.Scenario.DEMO;
import static dev.raccoon.catalog.Scenario.LOG;
import static dev.raccoon.catalog.Scenario.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no code may do, the database refuses. */
class SchemaTest {
  private final Scenario scenario = new Scenario();

  @BeforeEach
  void haveOneBuildInEachState() {
    scenario.good(DEMO, tag("1.0.0", 1, "25.3"));
    scenario.queued("0.0.1");
    scenario.leased.fail(scenario.claim(), FailureKind.SOURCE, "There is no such tag.", LOG);
    scenario.queued("0.0.2");
    scenario.claim();
    scenario.queued("0.0.3");
  }

  @AfterEach
  void close() {
    scenario.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "QUEUED    | state = 'RUNNING'                 | build_leased_while_running",
        "QUEUED    | lease = gen_random_uuid()         | build_lease",
        "QUEUED    | lease_until = now()               | build_lease_ends",
        "QUEUED    | state = 'SUCCEEDED'               | build_",
        "QUEUED    | state = 'CANCELLED'               | build_ended_has_time",
        "QUEUED    | finished_at = now()               | build_ended_has_time",
        "QUEUED    | failure = 'COMPILE'               | build_failed_has_kind",
        "QUEUED    | state = 'LOST'                    | build_state_check",
        "QUEUED    | attempt = -1                      | build_attempt_check",
        "QUEUED    | otp_version = '25.3', otp_major = null | build_otp_has_major",
        "QUEUED    | same_as = (select id from build where state = 'FAILED') | build_same_as_another",
        "RUNNING   | lease = null                      | build_",
        "RUNNING   | lease_until = null                | build_lease_ends",
        "RUNNING   | node = null                       | build_running_was_claimed",
        "RUNNING   | started_at = null                 | build_running_was_claimed",
        "RUNNING   | attempt = 0                       | build_running_was_claimed",
        "SUCCEEDED | removed_at = now()                | build_removed_has_no_log",
        "QUEUED    | removed_at = now()                | build_removed_has_no_log",
        "FAILED    | failure = null                    | build_failed_has_kind",
        "FAILED    | failure = 'BAD_LUCK'              | build_failure_check",
        "FAILED    | finished_at = null                | build_ended_has_time",
        "FAILED    | state = 'QUEUED'                  | build_",
        "FAILED    | log_size = null                   | build_log_has_size",
        "FAILED    | log_size = -1                     | build_log_size_check",
        "FAILED    | log_digest = '../../etc/passwd'   | build_log_digest_check",
        "SUCCEEDED | version_id = null                 | build_succeeded_is_whole",
        "SUCCEEDED | otp_version = null                | build_succeeded_is_whole",
        "SUCCEEDED | log_digest = null, log_size = null | build_succeeded_is_whole",
        "SUCCEEDED | ref = null                        | build_version_has_ref",
        "SUCCEEDED | same_as = id                      | build_same_as_another",
        "SUCCEEDED | same_as = gen_random_uuid()       | build_same_as_fkey",
        "SUCCEEDED | failure = 'COMPILE'               | build_failed_has_kind",
      })
  void anImpossibleStateOfABuildIsRefused(String state, String change, String constraint) {
    assertRefused("update build set " + change + " where state = '" + state + "'", constraint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "update version set commit = 'main'               | version_commit_check",
        "update version set ref_kind = 'NOTE'             | version_ref_kind_check",
        "update request set origin = 'NOBODY'             | request_origin_check",
        "update artifact set digest = 'abc'               | artifact_digest_check",
        "update artifact set size = -1                    | artifact_size_check",
        "update ended_builds set builds = -1              | ended_builds_builds_check",
        "insert into log_chunk select id, -1, '' from build where state = 'RUNNING' | log_chunk_position_check",
        "insert into package (namespace, name, clone_url) values ('ACME', 'Demo', '') | package_full_name",
        "insert into version select gen_random_uuid(), package_id, ref, ref_kind, commit, true from version | version_package_id_ref_commit_key",
        "delete from version                              | build_version_id_fkey",
        "delete from build where state = 'SUCCEEDED'      | _fkey",
      })
  void anImpossibleRecordIsRefused(String statement, String constraint) {
    assertRefused(statement, constraint);
  }

  @Test
  void endedBuildsAreCountedHoweverTheyChange() {
    assertCounted(2);

    scenario.sql("update build set otp_major = 26 where state = 'FAILED'");
    assertCounted(2);

    scenario.sql(
        """
        update build set state = 'QUEUED', failure = null, finished_at = null where state = 'FAILED'
        """);
    assertCounted(1);

    scenario.sql(
        "delete from request_build using build where id = build_id and state <> 'RUNNING'");
    scenario.sql("delete from artifact");
    scenario.sql("delete from build where state in ('SUCCEEDED', 'QUEUED')");
    assertCounted(0);
  }

  private void assertCounted(long ended) {
    assertThat(scenario.count("build where finished_at is not null and same_as is null"))
        .isEqualTo(ended);
    assertThat(
            scenario.count(
                """
                (select package_id, otp_major, otp_version, builds from ended_builds where builds > 0
                 except
                 select package_id, otp_major, otp_version, count(*) from build
                 where finished_at is not null and same_as is null group by 1, 2, 3) wrong
                """))
        .isZero();
    assertThat(scenario.count("ended_builds, generate_series(1, builds)")).isEqualTo(ended);
    assertThat(scenario.count("package, generate_series(1, ended_builds)")).isEqualTo(ended);
  }

  private void assertRefused(String statement, String constraint) {
    assertThatThrownBy(() -> scenario.sql(statement)).hasMessageContaining(constraint);
  }
}
