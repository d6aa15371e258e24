package dev.raccoon.db;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's LISTEN and NOTIFY: one connection and one thread for all channels, which connects
 * again for as long as it takes. A notification may be lost with a connection, so subscribers are
 * told to look for themselves by an empty payload. Thread-safe.
 */
public final class Notifications implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
  private static final Pattern CHANNEL = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
  private static final int POLL_MILLIS = 200;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** How often an idle connection is asked whether it lives: a lost network says nothing. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private final DatabaseAddress address;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Queue<Listener> newcomers = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  private Notifications(DatabaseAddress address) {
    this.address = address;
    this.thread = Thread.ofPlatform().name("notifications").daemon().unstarted(this::live);
  }

  /** Listens at {@code address}; returns at once, even while the database does not answer. */
  public static Notifications open(DatabaseAddress address) {
    Notifications notifications = new Notifications(address);
    notifications.thread.start();
    return notifications;
  }

  /**
   * Calls {@code listener} with the payload of every notification on {@code channel} (lower-case
   * letters, digits and _), in their order, one at a time, on a virtual thread of its own. It is
   * also called with an empty payload when the channel begins to be heard, up to a fifth of a
   * second after this call, and whenever something may have been missed: after a lost connection,
   * or by a listener that is 1,000 notifications behind. So whoever looks at the database in every
   * call misses nothing. What the listener throws is logged.
   */
  public Subscription subscribe(String channel, Consumer<String> listener) {
    if (!CHANNEL.matcher(channel).matches()) {
      throw new IllegalArgumentException("not a channel's name: " + channel);
    }
    Listener added = Listener.start(channel, listener);
    listeners.add(added);
    newcomers.add(added);
    return () -> {
      listeners.remove(added);
      added.close();
    };
  }

  /** Ends the listening, within a second if the database answers. */
  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join(HEARTBEAT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    listeners.forEach(Listener::close);
  }

  private void live() {
    Duration pause = FIRST_PAUSE;
    while (!isClosed()) {
      try (Connection connection = connect()) {
        Set<String> heard = new HashSet<>();
        newcomers.clear();
        newcomers.addAll(listeners);
        while (!isClosed()) {
          hear(connection, heard);
          pause = FIRST_PAUSE;
        }
      } catch (SQLException e) {
        if (!isClosed()) {
          LOG.warn("The connection for notifications is lost, trying again: {}", e.getMessage());
          pause(pause);
          pause = longer(pause);
        }
      }
    }
  }

  /** Hears for one heartbeat, then makes sure of the connection. */
  private void hear(Connection connection, Set<String> heard) throws SQLException {
    PGConnection postgres = connection.unwrap(PGConnection.class);
    for (long heardMillis = 0; heardMillis < HEARTBEAT.toMillis(); heardMillis += POLL_MILLIS) {
      if (isClosed()) {
        return;
      }
      listenForNewcomers(connection, heard);
      PGNotification[] notifications = postgres.getNotifications(POLL_MILLIS);
      for (PGNotification notification : notifications) {
        dispatch(notification.getName(), notification.getParameter());
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT 1");
    }
  }

  private void listenForNewcomers(Connection connection, Set<String> heard) throws SQLException {
    for (Listener next = newcomers.peek(); next != null; next = newcomers.peek()) {
      if (heard.add(next.channel())) {
        try (Statement statement = connection.createStatement()) {
          // A name cannot be a parameter; its form was checked.
          statement.execute("LISTEN " + next.channel());
        }
      }
      newcomers.remove();
      next.offer(Listener.LOOK_FOR_YOURSELF);
    }
  }

  private void dispatch(String channel, String payload) {
    for (Listener listener : listeners) {
      if (listener.channel().equals(channel)) {
        listener.offer(payload);
      }
    }
  }

  private Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", address.user());
    properties.setProperty("password", address.password());
    properties.setProperty("ApplicationName", "raccoon notifications");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "10");
    return DriverManager.getConnection(address.jdbcUrl(), properties);
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void pause(Duration pause) {
    try {
      closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed.countDown();
    }
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }
}
