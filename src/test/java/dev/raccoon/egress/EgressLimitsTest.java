package dev.raccoon.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.testing.Patience;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EgressLimitsTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofMillis(500);

  @TempDir private Path folder;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(1);
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    stopped.set(true);
    over.countDown();
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private EgressFixture fixture(EgressLimits limits) throws Exception {
    EgressFixture fixture = new EgressFixture(folder, limits);
    opened.add(fixture);
    fixture.origin.at("/stalled", exchange -> await(over));
    fixture.origin.at(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          while (!stopped.get()) {
            exchange.getResponseBody().write(new byte[64 << 10]);
          }
        });
    return fixture;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static EgressLimits limits(
      int connections, Duration head, Duration idle, Duration request, long bytes) {
    return new EgressLimits(connections, head, Duration.ofSeconds(2), idle, request, bytes);
  }

  @Test
  void anOriginThatNeverAnswersIsGivenUp() throws Exception {
    EgressFixture fixture = fixture(limits(64, LONG, LONG, SHORT, 1 << 20));
    EgressDoor door = fixture.door();
    try (InsideConnection connection = new InsideConnection(door)) {
      connection.send("GET " + fixture.url("/stalled") + " HTTP/1.1\r\nHost: x\r\n\r\n");

      assertThat(connection.head().status()).isEqualTo(504);
    }
    assertThat(door.trouble())
        .contains(
            new Outcome.Failed(
                "origin.example:" + fixture.origin.port() + " took longer than 1 s."));
  }

  @Test
  void anOriginThatIsSilentIsGivenUp() throws Exception {
    EgressFixture fixture = fixture(limits(64, LONG, SHORT, LONG, 1 << 20));
    try (InsideConnection connection = new InsideConnection(fixture.door())) {
      connection.send("GET " + fixture.url("/stalled") + " HTTP/1.1\r\nHost: x\r\n\r\n");

      connection.rest();
    }
    Patience.await(() -> fixture.recorded.stream().findFirst());
    assertThat(fixture.recorded.getFirst().outcome()).isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void aClientThatNeverEndsItsHeadIsDisconnectedEvenIfItGoesOnSending() throws Exception {
    EgressFixture fixture = fixture(limits(64, SHORT, LONG, LONG, 1 << 20));
    try (InsideConnection connection = new InsideConnection(fixture.door())) {
      connection.send("GET " + fixture.url("/") + " HTTP/1.1\r\n");
      Thread drip = Thread.startVirtualThread(() -> dripInto(connection));

      connection.rest();
      drip.join();
    }
    assertThat(fixture.recorded).isEmpty();
  }

  private void dripInto(InsideConnection connection) {
    try {
      while (!stopped.get()) {
        connection.send("X: y\r\n");
        Thread.sleep(50);
      }
    } catch (IOException | InterruptedException e) {
      // Disconnected, as it should be.
    }
  }

  @Test
  void bytesAreLimitedForAllRequestsOfADoorTogether() throws Exception {
    EgressFixture fixture = fixture(limits(64, LONG, LONG, LONG, 1 << 20));
    EgressDoor door = fixture.door();
    long got;
    try (InsideConnection connection = new InsideConnection(door)) {
      connection.send("GET " + fixture.url("/endless") + " HTTP/1.1\r\nHost: x\r\n\r\n");
      got = connection.rest();
    }
    Patience.await(() -> fixture.recorded.stream().findFirst());

    String sentence =
        "Raccoon lets a build send and receive 1048576 bytes at most: its operator can allow more"
            + " with RACCOON_EGRESS_BYTES.";
    assertThat(got).isPositive().isLessThan(2 << 20);
    assertThat(fixture.recorded.getFirst().outcome()).isEqualTo(new Outcome.Refused(sentence));
    assertThat(fixture.recorded.getFirst().digest()).isEmpty();
    assertThat(InsideConnection.get(door, fixture.url("/stalled")).body())
        .isEqualTo(sentence + "\n");
  }

  @Test
  void bytesThatGoOutAreLimitedAsWell() throws Exception {
    EgressFixture fixture = fixture(limits(64, LONG, LONG, LONG, 1000));
    fixture.origin.at("/echo", HttpsOrigin.echo());
    try (InsideConnection connection = new InsideConnection(fixture.door())) {
      connection.send(
          "POST " + fixture.url("/echo") + " HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n");
      connection.send("x".repeat(2000));
      connection.rest();
    }
    Patience.await(() -> fixture.recorded.stream().findFirst());

    assertThat(fixture.recorded.getFirst().outcome()).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void aDoorThatIsClosedEndsADownloadAndRecordsIt() throws Exception {
    EgressFixture fixture = fixture(EgressFixture.USUAL);
    EgressDoor door = fixture.door();
    try (InsideConnection connection = new InsideConnection(door)) {
      connection.send("GET " + fixture.url("/endless") + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(connection.head().status()).isEqualTo(200);

      door.close();

      assertThat(connection.rest()).isPositive();
    }
    assertThat(fixture.recorded)
        .singleElement()
        .satisfies(request ->
            assertThat(request.outcome())
                .isEqualTo(new Outcome.Failed("The build's way out was closed meanwhile.")));
  }

  @Test
  void aClientThatLeavesEndsTheRequestOutside() throws Exception {
    EgressFixture fixture = fixture(EgressFixture.USUAL);
    try (InsideConnection connection = new InsideConnection(fixture.door())) {
      connection.send("GET " + fixture.url("/stalled") + " HTTP/1.1\r\nHost: x\r\n\r\n");
      Patience.await(() -> fixture.origin.seen.stream().findFirst());
    }

    Patience.await(() -> fixture.recorded.stream().findFirst());
    assertThat(fixture.recorded.getFirst().outcome())
        .isEqualTo(new Outcome.Failed("The client closed the connection."));
  }

  @Test
  void aHostThatEndsBeforeTheBodyThatItHasPromisedIsToldOf() throws Exception {
    EgressFixture fixture = fixture(limits(64, LONG, LONG, LONG, 1 << 20));
    fixture.origin.at("/short", exchange -> exchange.sendResponseHeaders(200, 100_000));

    InsideConnection.Reply reply = InsideConnection.get(fixture.door(), fixture.url("/short"));

    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.body())
        .isEqualTo(
            "origin.example:" + fixture.origin.port() + " ended the connection too early.\n");
  }

  @Test
  void fiftyClientsAtOnceAreAllAnswered() throws Exception {
    // On a busy machine the first of them waits long for the last.
    EgressFixture fixture = fixture(limits(64, LONG, LONG, LONG, 1 << 30));
    CountDownLatch all = new CountDownLatch(50);
    fixture.origin.at(
        "/together",
        exchange -> {
          all.countDown();
          await(all);
          HttpsOrigin.answer(exchange, 200, new byte[100_000]);
        });
    EgressDoor door = fixture.door();
    List<Future<InsideConnection.Reply>> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        replies.add(threads.submit(() -> InsideConnection.get(door, fixture.url("/together"))));
      }
    }
    door.close();

    for (Future<InsideConnection.Reply> reply : replies) {
      assertThat(reply.get().reason()).isEqualTo("OK");
      assertThat(reply.get().body()).hasSize(100_000);
    }
    assertThat(fixture.recorded)
        .hasSize(50)
        .allMatch(request -> request.outcome().equals(new Outcome.Answered(200)));
  }

  @Test
  void moreConnectionsThanThereMayBeAreToldSo() throws Exception {
    EgressFixture fixture = fixture(limits(2, LONG, LONG, LONG, 1 << 20));
    EgressDoor door = fixture.door();
    try (InsideConnection first = new InsideConnection(door);
        InsideConnection second = new InsideConnection(door)) {
      String get = "GET " + fixture.url("/stalled") + " HTTP/1.1\r\nHost: x\r\n\r\n";
      first.send(get);
      second.send(get);
      Patience.await(() -> fixture.origin.seen.size() == 2 ? Optional.of(true) : Optional.empty());

      assertThat(InsideConnection.get(door, fixture.url("/")).status()).isEqualTo(503);
      assertThat(door.trouble())
          .contains(new Outcome.Refused("A build has at most 2 connections at once."));
    }
  }

  @Test
  void aConnectionCountsUntilItsRequestIsRecorded() throws Exception {
    EgressFixture fixture = fixture(limits(1, LONG, LONG, LONG, 1 << 20));
    CountDownLatch recordable = new CountDownLatch(1);
    opened.add(recordable::countDown);
    EgressDoor door =
        fixture.proxy.open(EgressFixture.rules("github.com", ""), each -> await(recordable));
    String get = "GET http://evil.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    try (InsideConnection first = new InsideConnection(door)) {
      assertThat(first.send(get).head().status()).isEqualTo(403);
      first.rest();
    }

    assertThat(InsideConnection.get(door, "http://evil.example/").status()).isEqualTo(503);
    recordable.countDown();
    Patience.await(() -> isRefusedByTheRules(door) ? Optional.of(true) : Optional.empty());
  }

  private static boolean isRefusedByTheRules(EgressDoor door) {
    try {
      return InsideConnection.get(door, "http://evil.example/").status() == 403;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whatCannotBeRecordedAtTheEndIsNoFaultOfTheBuilds() throws Exception {
    EgressFixture fixture = fixture(limits(64, LONG, LONG, LONG, 1 << 20));
    EgressLog broken =
        new EgressLog() {
          @Override
          public void record(EgressRequest request) {}

          @Override
          public void more(long requests) {
            throw new IllegalStateException("the database is away");
          }
        };
    EgressDoor door = fixture.proxy.open(EgressFixture.rules("github.com", ""), broken);
    try (InsideConnection connection = new InsideConnection(door)) {
      for (int i = 0; i <= 1_000; i++) {
        connection.send("GET http://evil.example/ HTTP/1.1\r\nHost: x\r\n\r\n").reply();
      }
    }

    door.close();

    assertThat(door.socket()).doesNotExist();
  }
}
