package dev.raccoon.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.config.Clients;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.SocketException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server with a few endpoints of the test's own. */
class WebServerTest {
  private static final Duration LONG_TIME = Duration.ofMinutes(1);
  private static final String GET = "GET /echo HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final byte[] LONG = new byte[300_000];
  private static WebServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestWeb.start(routes());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<Route> routes() {
    return List.of(
        Route.get("/echo", exchange -> Answer.text(200, "echo " + exchange.query())),
        Route.post("/length", exchange -> Answer.text(200, "got " + exchange.body().length)),
        Route.get("/id/:id", exchange -> Answer.text(200, exchange.id())),
        Route.get("/stream", exchange -> stream(new ByteArrayInputStream(LONG))),
        Route.get("/short", exchange -> stream(new ByteArrayInputStream(new byte[70_000]))),
        Route.get("/broken", exchange -> stream(new BrokenStream())),
        Route.get("/lost-file", exchange -> lostFile()),
        Route.get("/bad-header", exchange -> Answer.text(200, "x").with("X-A", "a\r\nb: c")),
        Route.get(
            "/bug",
            exchange -> {
              throw new IllegalStateException("secret");
            }),
        Route.get(
            "/error",
            exchange -> {
              throw new AssertionError("secret");
            }));
  }

  private static Answer stream(InputStream bytes) {
    return new Answer.Stream("text/plain", LONG.length, bytes, Map.of());
  }

  private static Answer lostFile() throws IOException {
    FileChannel closed = FileChannel.open(Path.of("/dev/null"));
    closed.close();
    return new Answer.StoredFile(closed, "x/y", "etag", Map.of());
  }

  private static final class BrokenStream extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("the disk is gone");
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      return read();
    }
  }

  @Test
  void keepsAConnectionForFurtherRequestsWhateverItAnswered() throws IOException {
    try (RawClient client = client()) {
      assertThat(client.send(GET).reply().body()).isEqualTo("echo {}");
      assertThat(client.send("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n").reply().status())
          .isEqualTo(404);
      assertThat(client.send(post("/length", 2 << 20)).reply().status()).isEqualTo(413);
      client.send("x".repeat(2 << 20));
      assertThat(client.send(post("/length", 5)).send("12345").reply().body()).isEqualTo("got 5");
    }
  }

  /** The end of an answer is told on another thread than the next request's beginning. */
  @Test
  void aRequestThatIsWorkedOnIsNotCutOffForTheEndOfTheOneBefore() throws Exception {
    int clients = 30;
    int before = 11;
    Semaphore begun = new Semaphore(0);
    CountDownLatch over = new CountDownLatch(1);
    List<Route> routes =
        List.of(
            Route.get("/echo", exchange -> Answer.text(200, "at once")),
            Route.get(
                "/long",
                exchange -> {
                  begun.release();
                  over.await();
                  return Answer.text(200, "at last");
                }));
    Timeouts timeouts = new Timeouts(LONG_TIME, Duration.ofMillis(300), LONG_TIME);
    List<RawClient> all = new ArrayList<>();
    try (WebServer impatient = TestWeb.start(routes, timeouts);
        RawClient idle = new RawClient(impatient.port())) {
      for (int i = 0; i < clients; i++) {
        RawClient client = new RawClient(impatient.port());
        all.add(client);
        client.send(GET.repeat(before) + "GET /long HTTP/1.1\r\nHost: x\r\n\r\n");
      }
      assertThat(begun.tryAcquire(clients, 60, TimeUnit.SECONDS)).isTrue();
      assertThat(idle.send(GET).reply().body()).isEqualTo("at once");
      assertThat(idle.rest()).as("disconnected: whoever was idle before it was, too").isEmpty();
      over.countDown();
      for (RawClient client : all) {
        for (int i = 0; i < before; i++) {
          assertThat(client.reply().body()).isEqualTo("at once");
        }
        assertThat(client.reply().body()).isEqualTo("at last");
      }
    } finally {
      over.countDown();
      for (RawClient client : all) {
        client.close();
      }
    }
  }

  @Test
  void answersPipelinedRequestsInTheirOrder() throws IOException {
    try (RawClient client = client()) {
      client.send(
          IntStream.range(0, 50)
              .mapToObj(i -> "GET /id/" + i + " HTTP/1.1\r\nHost: x\r\n\r\n")
              .reduce("", String::concat));
      for (int i = 0; i < 50; i++) {
        assertThat(client.reply().body()).isEqualTo(Integer.toString(i));
      }
    }
  }

  @Test
  void closesWhenTheClientSaysSo() throws IOException {
    try (RawClient client = client()) {
      client.send("GET /echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(client.reply().status()).isEqualTo(200);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void speaksHttp10() throws IOException {
    try (RawClient client = client()) {
      assertThat(client.send("GET /echo?a=b HTTP/1.0\r\n\r\n").reply().body())
          .isEqualTo("echo {a=b}");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void tellsAClientThatWaitsToSendItsBody() throws IOException {
    try (RawClient client = client()) {
      client.send(
          "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
      assertThat(client.reply().status()).isEqualTo(100);
      assertThat(client.send("abc").reply().body()).isEqualTo("got 3");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/length", "/nothing", "/echo"})
  void refusesInsteadOfTakingABodyThatWaits(String path) throws IOException {
    try (RawClient client = client()) {
      client.send(
          "POST "
              + path
              + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\nExpect: 100-continue\r\n\r\n");
      RawClient.Reply reply = client.reply();
      assertThat(reply.status()).isBetween(404, 413);
      assertThat(reply.header("Connection")).hasValue("close");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void takesExactlyTheLargestBody() throws IOException {
    int most = WebServer.MAX_BODY_BYTES;
    try (RawClient client = client()) {
      client.send(post("/length", most)).send("x".repeat(most));
      assertThat(client.reply().body()).isEqualTo("got 131072");
      client.send(post("/length", most + 1)).send("x".repeat(most + 1));
      assertThat(client.reply().status()).isEqualTo(413);
      client.send("POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 3; i++) {
        client.send("10000\r\n" + "x".repeat(65_536) + "\r\n");
      }
      assertThat(client.send("0\r\n\r\n").reply().status()).isEqualTo(413);
      assertThat(client.send(GET).reply().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /echo", "GET /nothing", "DELETE /length"})
  void whatIsNoPlaceForABodyTakesNone(String line) throws IOException {
    try (RawClient client = client()) {
      client.send(line + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
      RawClient.Reply reply = client.reply();
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("takes no body here");
      assertThat(client.send(GET).reply().status()).isEqualTo(200);
      client.send(line + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
      assertThat(client.reply().status()).isEqualTo(400);
      client.send("GET /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
      assertThat(client.reply().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n",
        "GARBAGE\r\n\r\n",
        "GET\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost x\r\n\r\n",
        "GET /echo HTTP/1.1\r\nHost: x\r\nA\u0000: b\r\n\r\n",
        "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
      })
  void whatIsNoHttpGetsAnAnswerAndTheEndOfItsConnection(String garbage) throws IOException {
    try (RawClient client = client()) {
      RawClient.Reply reply = client.send(garbage).reply();
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).startsWith("{\"result\":false,\"response\":\"");
      assertThat(client.rest()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET /echo HTTP/9.9\r\nHost: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"})
  void anotherVersionIsNotSpokenHere(String request) throws IOException {
    try (RawClient client = client()) {
      RawClient.Reply reply = client.send(request).reply();
      assertThat(reply.status()).isEqualTo(505);
      assertThat(reply.body()).contains("HTTP/1.1 and HTTP/1.0 only");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aBodyWhoseChunksCannotBeReadIsTheEndOfItsConnection() throws IOException {
    try (RawClient client = client()) {
      client.send("POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n");
      RawClient.Reply reply = client.reply();
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("chunks cannot be read");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void anAddressOrHeadersThatAreTooLongAreRefusedAsSuch() throws IOException {
    try (RawClient client = client()) {
      client.send("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.reply().status()).isEqualTo(414);
    }
    try (RawClient client = client()) {
      client.send("GET /echo HTTP/1.1\r\nHost: x\r\nX-A: " + "x".repeat(40_000) + "\r\n\r\n");
      assertThat(client.reply().status()).isEqualTo(431);
    }
  }

  @Test
  void aRequestCannotHideAnotherInItsBody() throws IOException {
    try (RawClient client = client()) {
      String both = "Content-Length: 60\r\nTransfer-Encoding: chunked";
      client.send("POST /length HTTP/1.1\r\nHost: x\r\n" + both + "\r\n\r\n0\r\n\r\n");
      client.send("GET /id/smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.reply().status()).isEqualTo(400);
      assertThat(client.rest()).doesNotContain("smuggled");
    }
  }

  @Test
  void anotherMethodIsToldWhichOnesThereAre() throws IOException {
    try (RawClient client = client()) {
      RawClient.Reply reply =
          client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n").reply();
      assertThat(reply.status()).isEqualTo(405);
      assertThat(reply.header("Allow")).hasValue("GET, HEAD");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bug", "/error", "/lost-file", "/bad-header", "/broken"})
  void anErrorOfOursIsA500ThatTellsNothingOfIt(String path) throws IOException {
    try (RawClient client = client()) {
      RawClient.Reply reply = client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").reply();
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.body())
          .isEqualTo(
              "{\"result\":false,\"response\":\"An error of the server's; its operator finds it in its log.\"}\n");
      assertThat(client.send(GET).reply().status()).isEqualTo(200);
    }
  }

  @Test
  void aStreamArrivesWhole() throws IOException {
    try (RawClient client = client()) {
      RawClient.Reply reply = client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n").reply();
      assertThat(reply.body().getBytes(ISO_8859_1)).isEqualTo(LONG);
      client.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.replyWithoutBody().header("Content-Length")).hasValue("300000");
      assertThat(client.send(GET).reply().status()).isEqualTo(200);
    }
  }

  @Test
  void aStreamThatBreaksOffDoesNotPassForAWholeOne() throws IOException {
    try (RawClient client = client()) {
      client.send("GET /short HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.rest().length()).isLessThan(LONG.length);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "GET /echo HT",
        "GET /echo HTTP/1.1\r\nHost: x\r\n",
        "POST /length HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345",
        "POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345",
        "POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123",
        GET,
      })
  void aClientThatStallsIsDropped(String beginning) throws IOException {
    Duration soon = Duration.ofMillis(200);
    try (WebServer impatient = TestWeb.start(routes(), new Timeouts(soon, soon, soon));
        RawClient client = new RawClient(impatient.port())) {
      client.send(beginning);
      assertThat(client.rest()).doesNotContain("got");
    }
  }

  @Test
  void aClientThatTakesNothingInIsDropped(@TempDir Path folder) throws Exception {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] into, int from, int length) {
            return length;
          }
        };
    Path file = folder.resolve("file");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(64 << 20);
    }
    byte[] bytes = new byte[64 << 20];
    List<Route> routes =
        List.of(
            Route.get("/", e -> Answer.text(200, "in")),
            Route.get("/stream", e -> new Answer.Stream("x/y", 1L << 40, endless, Map.of())),
            Route.get(
                "/file",
                e -> new Answer.StoredFile(FileChannel.open(file), "x/y", "tag", Map.of())),
            Route.get("/bytes", e -> new Answer.Bytes(200, "x/y", bytes, Map.of())));
    Duration soon = Duration.ofMillis(200);
    Clients one = new Clients(List.of(), Optional.empty(), Optional.empty(), 10, 1);
    for (String path : List.of("/stream", "/bytes", "/file")) {
      try (WebServer impatient = TestWeb.start(routes, new Timeouts(soon, LONG_TIME, soon), one);
          RawClient client = new RawClient(impatient.port())) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        TestWeb.letIn(impatient, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").close();
      }
    }
  }

  @Test
  void aStreamThatTakesTooLongInAllEndsInTheMiddle() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    InputStream slow =
        new InputStream() {
          @Override
          public int read() throws IOException {
            try {
              never.await();
              return -1;
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }

          @Override
          public int read(byte[] into, int from, int length) throws IOException {
            return read();
          }
        };
    Route route = Route.get("/slow", e -> new Answer.Stream("x/y", 1_000, slow, Map.of()));
    Duration soon = Duration.ofMillis(200);
    try (WebServer impatient =
            TestWeb.start(List.of(route), new Timeouts(LONG_TIME, LONG_TIME, soon));
        RawClient client = new RawClient(impatient.port())) {
      client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.rest()).doesNotContain("HTTP/1.1 200");
      never.countDown();
    }
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aClientThatAsksAndAsksAndTakesNothingInIsNotAnsweredIntoMemory() throws Exception {
    AtomicInteger answered = new AtomicInteger();
    byte[] body = new byte[256 * 1024];
    Route big =
        Route.get(
            "/big",
            exchange -> {
              answered.incrementAndGet();
              return new Answer.Bytes(200, "x/y", body, Map.of());
            });
    Duration soon = Duration.ofSeconds(1);
    try (WebServer impatient = TestWeb.start(List.of(big), new Timeouts(soon, soon, soon));
        RawClient client = new RawClient(impatient.port())) {
      assertThatThrownBy(
              () -> {
                while (true) {
                  client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100));
                }
              })
          .isInstanceOf(SocketException.class);
      // Some megabytes of a loopback connection are kept by the kernel.
      assertThat(answered.get()).isBetween(1, 100);
    }
  }

  @Test
  void aLongAnswerIsNotTakenForAStall() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Route slow =
        Route.get(
            "/slow",
            exchange -> {
              go.await();
              return Answer.text(200, "done");
            });
    Duration soon = Duration.ofMillis(100);
    try (WebServer impatient = TestWeb.start(List.of(slow), new Timeouts(soon, soon, soon));
        RawClient stalled = new RawClient(impatient.port());
        RawClient client = new RawClient(impatient.port())) {
      client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
      // That one is dropped after as long as would have dropped the other.
      assertThat(stalled.rest()).isEmpty();
      go.countDown();
      assertThat(client.reply().body()).isEqualTo("done");
    }
  }

  @Test
  void whoStillWaitsWhenTheServerStopsIsInterrupted() throws Exception {
    CompletableFuture<String> ended = new CompletableFuture<>();
    CountDownLatch begun = new CountDownLatch(1);
    Route waiting =
        Route.get(
            "/wait",
            exchange -> {
              begun.countDown();
              try {
                new CountDownLatch(1).await();
                return Answer.text(200, "never");
              } finally {
                ended.complete("interrupted");
              }
            });
    WebServer stopping = TestWeb.start(List.of(waiting));
    try (RawClient client = new RawClient(stopping.port())) {
      client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
      stopping.close();
      assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo("interrupted");
    }
  }

  @Test
  @Timeout(120)
  void aClientThatWaitsInManyPlacesLeavesTheOthersTheirs() throws Exception {
    Semaphore begun = new Semaphore(0);
    CountDownLatch go = new CountDownLatch(1);
    Route waiting =
        Route.get(
            "/wait",
            exchange -> {
              begun.release();
              go.await();
              return Answer.text(200, "waited");
            });
    Route health = Route.get("/health", exchange -> Answer.text(200, "well"));
    String wait = "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n";
    List<RawClient> many = new ArrayList<>();
    try (WebServer web = TestWeb.start(List.of(waiting, health))) {
      for (int i = 0; i < EndpointThreads.MAX_RUNNING_EACH; i++) {
        many.add(new RawClient(web.port()).send(wait));
      }
      begun.acquire(many.size());
      try (RawClient same = new RawClient(web.port());
          RawClient other = new RawClient(web.port(), "127.0.0.2")) {
        RawClient.Reply refused = same.send(wait).reply();
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).hasValue("1");
        assertThat(refused.body()).contains("500 requests that are not answered yet");
        String ask = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
        assertThat(other.send(ask).reply().body()).isEqualTo("well");
        go.countDown();
        for (RawClient client : many) {
          assertThat(client.reply().body()).isEqualTo("waited");
        }
      }
    } finally {
      go.countDown();
      for (RawClient client : many) {
        client.close();
      }
    }
  }

  @Test
  void anAddressThatIsTakenIsAnIoException() {
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> TestWeb.startAt("192.0.2.1")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("192.0.2.1");
  }

  private static String post(String path, int length) {
    return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n\r\n";
  }

  private static RawClient client() throws IOException {
    return new RawClient(server.port());
  }
}
