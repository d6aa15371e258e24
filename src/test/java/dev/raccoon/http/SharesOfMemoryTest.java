package dev.raccoon.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.Patience;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients may have in the server's memory at once, over real connections. */
@Timeout(120)
class SharesOfMemoryTest {
  private static final int LARGEST = WebServer.MAX_BODY_BYTES;
  private static final int BODIES_EACH = BodyBudget.BYTES_EACH / LARGEST;
  private static final String STREAM = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String BYTES = "GET /bytes HTTP/1.1\r\nHost: x\r\n\r\n";

  private final List<RawClient> many = new ArrayList<>();
  private final Semaphore begun = new Semaphore(0);
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger closed = new AtomicInteger();

  @AfterEach
  void close() throws IOException {
    go.countDown();
    for (RawClient client : many) {
      client.close();
    }
  }

  private WebServer start() throws IOException {
    return TestWeb.start(
        List.of(
            Route.post(
                "/wait",
                exchange -> {
                  begun.release();
                  go.await();
                  return Answer.text(200, "waited");
                }),
            Route.post("/length", exchange -> Answer.text(200, "got " + exchange.body().length)),
            Route.get(
                "/bytes", exchange -> new Answer.Bytes(200, "x/y", new byte[100_000], Map.of())),
            Route.get("/stream", exchange -> new Answer.Stream("x/y", 3, slow(), Map.of()))));
  }

  private InputStream slow() {
    return new ByteArrayInputStream(new byte[3]) {
      @Override
      public synchronized int read(byte[] into, int from, int length) {
        begun.release();
        try {
          go.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return super.read(into, from, length);
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  @Test
  void bodiesThatAreAtWorkAreCountedUntilTheyAreAnswered() throws Exception {
    try (WebServer web = start()) {
      for (int i = 0; i < BODIES_EACH; i++) {
        many.add(new RawClient(web.port()).send(post("/wait", LARGEST)));
      }
      begun.acquire(BODIES_EACH);
      try (RawClient same = new RawClient(web.port());
          RawClient other = new RawClient(web.port(), "127.0.0.2")) {
        RawClient.Reply refused = same.send(post("/length", LARGEST)).reply();
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).hasValue("1");
        assertThat(refused.body()).contains("4 MiB in requests that are not answered yet");
        assertThat(other.send(post("/length", LARGEST)).reply().status()).isEqualTo(200);
        go.countDown();
        for (RawClient client : many) {
          assertThat(client.reply().body()).isEqualTo("waited");
        }
        assertThat(same.send(post("/length", LARGEST)).reply().body()).isEqualTo("got 131072");
      }
    }
  }

  @Test
  void bodiesThatNeverArriveWholeAreCountedUntilTheirConnectionsEnd() throws Exception {
    try (WebServer web = start()) {
      for (int i = 0; i < BODIES_EACH; i++) {
        sendAllButTheLastByte(web);
      }
      // A question that comes before they have all arrived may have one of them refused.
      Patience.await(() -> {
        sendAllButTheLastByte(web);
        return sent(web, 429);
      });
      for (RawClient client : many) {
        client.close();
      }
      Patience.await(() -> sent(web, 200));
    }
  }

  @Test
  void allBodiesTogetherHaveTheirBudgetAsWell() {
    BodyBudget budget = new BodyBudget();
    List<BodyBudget.Held> all = new ArrayList<>();
    for (int i = 0; i < BodyBudget.BYTES / BodyBudget.BYTES_EACH; i++) {
      all.add(budget.of(new ClientKey.Token("" + i)));
      assertThat(all.getLast().add(BodyBudget.BYTES_EACH)).isEmpty();
    }
    BodyBudget.Held more = budget.of(new ClientKey.Token("more"));
    assertThat(more.add(1)).map(answer -> ((Answer.Bytes) answer).status()).contains(503);
    all.getFirst().release();
    all.getFirst().release();
    assertThat(more.add(BodyBudget.BYTES_EACH)).isEmpty();
    assertThat(all.getFirst().add(1)).isPresent();
  }

  @Test
  void largeAnswersThatAreNotTakenInLeaveTheOthersTheirs() throws Exception {
    try (WebServer web = start()) {
      for (int i = 0; i < EndpointThreads.MAX_LARGE_EACH; i++) {
        many.add(new RawClient(web.port()).send(STREAM));
      }
      begun.acquire(many.size());
      try (RawClient same = new RawClient(web.port());
          RawClient other = new RawClient(web.port(), "127.0.0.2")) {
        for (String request : List.of(STREAM, BYTES)) {
          RawClient.Reply refused = same.send(request).reply();
          assertThat(refused.status()).isEqualTo(429);
          assertThat(refused.header("Retry-After")).hasValue("1");
          assertThat(refused.body()).contains("8 large answers");
        }
        assertThat(closed.get()).isEqualTo(1);
        assertThat(same.send(post("/length", 3)).reply().status()).isEqualTo(200);
        assertThat(other.send(BYTES).reply().status()).isEqualTo(200);
        go.countDown();
        for (RawClient client : many) {
          assertThat(client.reply().status()).isEqualTo(200);
        }
        for (int i = 0; i < 3 * EndpointThreads.MAX_LARGE_EACH; i++) {
          Patience.await(
              () -> ask(same, BYTES).status() == 200 ? Optional.of(true) : Optional.empty());
        }
      }
    }
  }

  private void sendAllButTheLastByte(WebServer web) {
    String body = post("/length", LARGEST);
    try {
      many.add(new RawClient(web.port()).send(body.substring(0, body.length() - 1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Integer> sent(WebServer web, int status) {
    try (RawClient client = new RawClient(web.port())) {
      return Optional.of(ask(client, post("/length", LARGEST)).status())
          .filter(answered -> answered == status);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RawClient.Reply ask(RawClient client, String request) {
    try {
      return client.send(request).reply();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String post(String path, int length) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
        + length
        + "\r\n\r\n"
        + "x".repeat(length);
  }
}
