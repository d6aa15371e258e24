package dev.raccoon.source;

import static dev.raccoon.source.SourceFixture.DEMO;
import static dev.raccoon.source.SourceFixture.asked;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.sun.net.httpserver.HttpServer;
import dev.raccoon.value.Ref;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of git's messages is one that it really gave, to a real server where that can be had. */
class GitFailureTest {
  private static final String NOBODY_MAY =
      "There is no repository that anyone may read at " + DEMO + ".";
  private static final Duration LONG = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private SourceFixture fixture;
  private HttpServer server;
  private ExecutorService handlers;

  @BeforeEach
  void startAServer() throws Exception {
    fixture = new SourceFixture(folder);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    handlers = Executors.newVirtualThreadPerTaskExecutor();
    server.setExecutor(handlers);
    server.start();
  }

  @AfterEach
  void stopIt() {
    server.stop(0);
    handlers.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fatal: mmap failed, check sys.vm.max_map_count and/or RLIMIT_DATA: Cannot allocate memory",
        "fatal: Out of memory, malloc failed (tried to allocate 1073741825 bytes)",
        "error: unpack-objects died of signal 25\nfatal: unpack-objects failed"
      })
  void aRepositoryThatNeedsMoreThanAFetchMayHaveIsNotAskedForAgain(String output) {
    assertThat(GitFailure.read(DEMO, output))
        .isEqualTo(
            new FetchResult.Refused(
                DEMO + " needs more memory, or larger files, than a fetch may have."));
    assertThat(GitFailure.read(DEMO, "remote: " + output.lines().findFirst().orElseThrow()))
        .isInstanceOf(FetchResult.Unavailable.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 410, 451})
  void aHostThatHasNoSuchRepositoryForEveryoneIsNotAskedAgain(int status) throws Exception {
    answers(status, "");

    assertThat(fetch(LONG)).isEqualTo(new FetchResult.Refused(NOBODY_MAY));
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503})
  void aHostWithTroublesOfItsOwnIsAskedAgainLater(int status) throws Exception {
    answers(status, "");

    assertThat(fetch(LONG))
        .isEqualTo(
            new FetchResult.Unavailable(
                DEMO
                    + " could not be fetched: unable to access '"
                    + DEMO
                    + "/': The requested URL returned error: "
                    + status
                    + "."));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void anAddressThatLeadsElsewhereIsNotFollowed(int status) throws Exception {
    answers(status, "");

    assertThat(fetch(LONG))
        .isEqualTo(
            new FetchResult.Refused(
                DEMO
                    + " leads elsewhere: name the repository's present address, which on many hosts"
                    + " ends in .git."));
  }

  @Test
  void aPageIsNoRepository() throws Exception {
    answers(200, "<html>\nWelcome\n</html>\n");

    assertThat(fetch(LONG)).isEqualTo(new FetchResult.Refused(NOBODY_MAY));
  }

  @Test
  void aHostThatIsDownIsAskedAgainLater() throws Exception {
    String target = target();
    server.stop(0);

    assertThat(fixture.fetcher(target, LONG).fetch(DEMO, asked(""), fixture.bare(), request -> {}))
        .isInstanceOfSatisfying(
            FetchResult.Unavailable.class,
            down ->
                assertThat(down.sentence())
                    .startsWith(DEMO + " could not be fetched: unable to access '" + DEMO)
                    .contains("Couldn't connect to server"));
  }

  @Test
  void aHostThatNeverAnswersIsGivenUp() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    server.createContext("/", exchange -> asked.countDown());

    FetchResult result = fetch(Duration.ofMillis(1500));

    // It was really asked, over http, which is for mirrors alone.
    assertThat(asked.getCount()).isZero();
    assertThat(result)
        .isEqualTo(new FetchResult.Unavailable(DEMO + " could not be fetched within 2 s."));
    assertThat(
            fixture
                .fetcher(target(), LONG)
                .currentCommits(DEMO, Set.of(new Ref("1.0.0")), Duration.ofMillis(500)))
        .isEmpty();
  }

  @Test
  void aRefThatARemoteTurnsOutNotToHaveIsNamed() throws Exception {
    String id = "0123456789abcdef0123456789abcdef01234567";
    fixture.demo();
    fixture.fetch("1.0.0");

    assertThat(fetchOf(id, "2")).contains(id);
    assertThat(fetchOf(id, "0")).contains(id);
    assertThat(fetchOf("refs/tags/9.9.9", "2")).contains("refs/tags/9.9.9");
    assertThat(GitFailure.notThere("fatal: the remote end hung up unexpectedly")).isEmpty();
  }

  @Test
  void aReasonHoldsNoPathNoControlCharacterAndNoFlood() {
    String output =
        """
        warning: x
        error: cannot open '/srv/raccoon/data/x.git': \u001b[31mNo space\u202e left
        fatal: second
        """;

    assertThat(GitFailure.read(DEMO, output))
        .isEqualTo(
            new FetchResult.Unavailable(
                DEMO + " could not be fetched: cannot open '…':  [31mNo space  left."));
    assertThat(GitFailure.read(DEMO, "fatal: " + "x".repeat(10_000)))
        .isInstanceOfSatisfying(
            FetchResult.Unavailable.class,
            result -> assertThat(result.sentence()).hasSizeLessThan(400).endsWith("x."));
    assertThat(GitFailure.read(DEMO, ""))
        .isEqualTo(new FetchResult.Unavailable(DEMO + " could not be fetched: git said nothing."));
  }

  // Of git's sources (http.c, remote-curl.c, connect.c), for servers that are not made here.
  @ParameterizedTest(name = "{index}")
  @ValueSource(strings = {"\u2028", "\u2029", "\u202e", "\ud83e", "\udd9d", "\u009b", "\u0000"})
  void aReasonIsOneLineThatSteersNoTerminal(String odd) {
    assertThat(GitFailure.read(DEMO, "remote: go" + odd + "away\n"))
        .isEqualTo(new FetchResult.Unavailable(DEMO + " could not be fetched: go away."));
    assertThat(GitFailure.read(DEMO, "remote: " + odd + "\n"))
        .isEqualTo(new FetchResult.Unavailable(DEMO + " could not be fetched: git said nothing."));
  }

  @Test
  void aCharacterOfTwoUnitsIsNotCutInHalf() {
    String flood = "🦝".repeat(600);

    for (String begin : List.of("", "x")) {
      assertThat(GitFailure.read(DEMO, "remote: " + begin + flood))
          .asInstanceOf(type(FetchResult.Unavailable.class))
          .extracting(FetchResult.Unavailable::sentence, STRING)
          .endsWith("🦝.");
    }
  }

  /** A mebibyte of such lines is what is kept of git's output: half a minute, if read badly. */
  @Test
  void linesOfNothingButBlanksAreNoReason() {
    String blanks = "remote:" + " ".repeat(19_000) + "\n";

    assertThat(GitFailure.read(DEMO, blanks.repeat(50) + "fatal: early EOF"))
        .isEqualTo(new FetchResult.Unavailable(DEMO + " could not be fetched: early EOF."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "remote: Repository not found.\nfatal: repository 'https://x/y/' not found",
        "fatal: could not read Username for 'https://x': terminal prompts disabled",
        "fatal: dumb http transport does not support shallow capabilities",
        "fatal: https://x/info/refs not valid: could not determine hash algorithm; is this a git"
            + " repository?"
      })
  void otherWordsForNoRepositoryAreKnown(String output) {
    assertThat(GitFailure.read(DEMO, output)).isEqualTo(new FetchResult.Refused(NOBODY_MAY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fatal: unable to access 'https://x/': server certificate verification failed. CAfile:"
            + " none CRLfile: none",
        "sh: git-upload-pack: not found",
        "fatal: Unable to find remote helper for 'https'",
        "fatal: the remote end hung up unexpectedly",
        "fatal: early EOF\nfatal: fetch-pack: invalid index-pack output"
      })
  void troublesOnTheWayAreNoFaultOfTheRepository(String output) {
    assertThat(GitFailure.read(DEMO, output)).isInstanceOf(FetchResult.Unavailable.class);
  }

  private Optional<String> fetchOf(String source, String protocol) throws Exception {
    Git.Result result =
        fixture.git.run(
            fixture.bare(),
            LONG,
            List.of(
                "-c",
                "protocol.file.allow=always",
                "-c",
                "protocol.version=" + protocol,
                "fetch",
                "--quiet",
                fixture.origins().resolve("demo.git").toString(),
                source + ":refs/x"));
    return result instanceof Git.Result.Exited(int status, String output) && status != 0
        ? GitFailure.notThere(output)
        : Optional.empty();
  }

  private FetchResult fetch(Duration timeout) throws Exception {
    return fixture.fetcher(target(), timeout).fetch(DEMO, asked(""), fixture.bare(), request -> {});
  }

  private String target() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  private void answers(int status, String body) {
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/elsewhere/info/refs");
          exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"x\"");
          exchange.sendResponseHeaders(status, body.isEmpty() ? -1 : body.length());
          exchange.getResponseBody().write(body.getBytes(UTF_8));
          exchange.close();
        });
  }
}
