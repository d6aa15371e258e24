package dev.raccoon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NotificationsTest {
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private TestDatabase test;
  private Notifications notifications;

  @BeforeEach
  void listen() {
    test = TestDatabase.fresh();
    notifications = Notifications.open(test.address());
  }

  @AfterEach
  void stop() {
    notifications.close();
    test.close();
  }

  @Test
  void aSubscriberIsToldToLookOnceItsChannelIsHeardAndThenHearsEachInOrder() throws Exception {
    notifications.subscribe("builds", heard::add);
    assertThat(next()).isEmpty();

    notify("builds", "one");
    notify("other", "not for us");
    notify("builds", "two");

    assertThat(next()).isEqualTo("one");
    assertThat(next()).isEqualTo("two");
  }

  @Test
  void aLostConnectionIsMadeAgainAndEverySubscriberIsToldToLook() throws Exception {
    BlockingQueue<String> second = new LinkedBlockingQueue<>();
    notifications.subscribe("builds", heard::add);
    notifications.subscribe("logs", second::add);
    assertThat(next()).isEmpty();
    assertThat(second.poll(30, TimeUnit.SECONDS)).isEmpty();

    assertThat(terminateListener()).isEqualTo(1);

    assertThat(next()).isEmpty();
    assertThat(second.poll(30, TimeUnit.SECONDS)).isEmpty();
    notify("builds", "after");
    assertThat(next()).isEqualTo("after");
  }

  @Test
  void aListenerThatFailsOrNeverReturnsHoldsUpNobody() throws Exception {
    CountDownLatch forever = new CountDownLatch(1);
    notifications.subscribe(
        "builds",
        payload -> {
          throw new IllegalStateException("a listener's own trouble");
        });
    notifications.subscribe("builds", payload -> awaitUninterruptibly(forever));
    notifications.subscribe("builds", heard::add);
    assertThat(next()).isEmpty();

    notify("builds", "one");

    assertThat(next()).isEqualTo("one");
    forever.countDown();
  }

  @Test
  void aListenerThatFallsFarBehindIsToldToLookInstead() throws Exception {
    CountDownLatch slow = new CountDownLatch(1);
    notifications.subscribe(
        "builds",
        payload -> {
          awaitUninterruptibly(slow);
          heard.add(payload);
        });
    BlockingQueue<String> quick = new LinkedBlockingQueue<>();
    notifications.subscribe("builds", quick::add);
    assertThat(quick.poll(30, TimeUnit.SECONDS)).isEmpty();

    test.database()
        .jdbi()
        .useHandle(handle ->
            handle.execute(
                "SELECT pg_notify('builds', n::text) FROM generate_series(1, 1500) AS n"));
    String last = "";
    while (!last.equals("1500")) {
      last = quick.take();
    }
    slow.countDown();

    List<String> seen = new ArrayList<>();
    while (!seen.contains("1500")) {
      seen.add(next());
    }
    assertThat(seen).hasSizeLessThan(1_100);
    assertThat(seen.subList(1, seen.size())).contains("");
  }

  @Test
  void aClosedSubscriptionHearsNoMore() throws Exception {
    BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    Subscription subscription = notifications.subscribe("builds", closed::add);
    notifications.subscribe("builds", heard::add);
    assertThat(next()).isEmpty();
    assertThat(closed.poll(30, TimeUnit.SECONDS)).isEmpty();

    subscription.close();
    notify("builds", "one");

    assertThat(next()).isEqualTo("one");
    assertThat(closed).isEmpty();
  }

  @Test
  void aChannelsNameCannotSmuggleSql() {
    assertThatThrownBy(() -> notifications.subscribe("a; DROP TABLE b", heard::add))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private String next() throws InterruptedException {
    return heard.poll(30, TimeUnit.SECONDS);
  }

  private void notify(String channel, String payload) {
    test.database()
        .jdbi()
        .useHandle(handle -> handle.execute("SELECT pg_notify(?, ?)", channel, payload));
  }

  private int terminateListener() {
    return test.database()
        .jdbi()
        .withHandle(handle ->
            handle
                .createQuery(
                    """
                    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE application_name = 'raccoon notifications'
                      AND datname = current_database()
                    """)
                .mapTo(Integer.class)
                .one());
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
