package dev.raccoon.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.catalog.Scenario;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** PostgreSQL delivers what was sent before a listener's own next statement with its answer. */
@Timeout(60)
class QueueNotificationsTest {
  private final Scenario scenario = new Scenario();
  private final QueueStore queue = new QueueStore(scenario.jdbi);
  private final Handle listener = scenario.jdbi.open();

  @BeforeEach
  void listen() {
    listener.execute("listen " + QueueStore.QUEUED);
    listener.execute("listen " + QueueStore.ENDED);
  }

  @AfterEach
  void close() {
    listener.execute("unlisten *");
    listener.close();
    scenario.close();
  }

  @Test
  void aRecordedRequestIsTold() throws Exception {
    scenario.queued("1.0.0");

    assertThat(heard()).containsExactly(QueueStore.QUEUED);
  }

  @Test
  void aReleasedBuildIsToldAndALostOneIsNot() throws Exception {
    scenario.queued("1.0.0");
    Lease lease = Claims.next(scenario.jdbi);
    heard();

    queue.release(lease);
    assertThat(heard()).containsExactly(QueueStore.QUEUED);

    queue.release(lease);
    assertThat(heard()).isEmpty();
  }

  @Test
  void aRecoveredBuildIsToldAsQueuedAndAGivenUpOneAsEnded() throws Exception {
    scenario.queued("1.0.0");
    UUID node = UUID.randomUUID();
    queue.claim(node, Claims.ANYTHING, Duration.ofMinutes(1));
    heard();

    var _ = queue.recoverOwn(node);
    assertThat(heard()).containsExactly(QueueStore.QUEUED);

    scenario.sql("update build set attempt = ?", QueueStore.MAX_ATTEMPTS - 1);
    queue.claim(node, Claims.ANYTHING, Duration.ofMinutes(1));
    var _ = queue.recoverOwn(node);
    assertThat(heard()).containsExactly(QueueStore.ENDED);
  }

  private List<String> heard() throws SQLException {
    listener.execute("select 1");
    Connection connection = listener.getConnection();
    List<String> channels = new ArrayList<>();
    for (PGNotification one : connection.unwrap(PGConnection.class).getNotifications()) {
      channels.add(one.getName());
    }
    return channels;
  }
}
