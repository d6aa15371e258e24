package dev.raccoon.coon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.http.RawClient;
import dev.raccoon.testing.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever cannot be accepted is refused with a sentence that says what to mend, and leaves no
 * trace: nothing is queued, and nothing on the disk changes.
 */
class BadInputTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String UNKNOWN = "0198c0de-7e57-7000-8000-000000000001";
  private static final String URL = "https://git.example.org/demo.git";
  private static final String GOOD =
      "{\"full_name\": \"acme/demo\", \"clone_url\": \"" + URL + "\"}";

  /** Class names, stack frames, SQL, and folders of any machine. */
  private static final Pattern LEAK =
      Pattern.compile(
          "Exception|\\bjava\\.|dev\\.raccoon|io\\.vertx|jackson|(?i:\\b(select|insert|update|jdbc|postgres\\w*|relation)\\b)"
              + "|/(tmp|home|var|usr|etc|root|work)/");

  @TempDir static Path folder;
  private static TestServer server;
  private static Map<String, String> filesBefore;

  /** {@code sentence} is a part of what must be answered. */
  record Case(String name, String request, int status, String sentence) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeAll
  static void start() throws IOException {
    server =
        TestServer.start(
                folder, Map.of("RACCOON_GIT_HOSTS", "github.com,10.0.0.9,localhost,intranet"))
            .afterItsSurvey();
    filesBefore = files();
  }

  @AfterAll
  static void nothingWasQueuedAndNothingOnTheDiskHasChanged() throws IOException {
    try {
      for (String table :
          new String[] {"request", "build", "request_build", "package", "version"}) {
        assertThat(rows(table)).as(table).isZero();
      }
      assertThat(files()).isEqualTo(filesBefore);
    } finally {
      server.close();
    }
  }

  @ParameterizedTest
  @MethodSource({"bodies", "names", "refs", "otps", "urls", "ids", "queries", "addresses"})
  void isRefusedWithASentence(Case bad) throws IOException {
    try (RawClient client = new RawClient(server.uri("/").getPort())) {
      RawClient.Reply reply = client.send(bad.request()).reply();
      assertThat(reply.status()).as(reply.body()).isEqualTo(bad.status());
      JsonNode body = JSON.readTree(reply.body().getBytes(ISO_8859_1));
      assertThat(body.get("result").booleanValue()).isFalse();
      assertThat(body.get("response").stringValue()).contains(bad.sentence()).endsWith(".");
      assertThat(reply.body()).doesNotContainPattern(LEAK);
      assertThat(reply.header("Content-Type")).hasValue("application/json; charset=utf-8");
    }
  }

  static Stream<Case> bodies() {
    String nested = "[".repeat(10_000) + "]".repeat(10_000);
    String big = "{\"full_name\": \"" + "x".repeat(128 << 10) + "\"}";
    return Stream.of(
        json("no body", "", 400, "empty"),
        json("blank body", "  \n", 400, "JSON object"),
        json("half an object", "{\"full_name\": \"acme/de", 400, "not JSON"),
        json("no JSON", "full_name=acme/demo", 400, "not JSON"),
        json("single quotes", "{'full_name': 'acme/demo'}", 400, "not JSON"),
        json("a list", "[" + GOOD + "]", 400, "JSON object"),
        json("a string", "\"acme/demo\"", 400, "JSON object"),
        json("null", "null", 400, "JSON object"),
        json("two objects", GOOD + GOOD, 400, "not JSON"),
        json("a field twice", "{\"full_name\": \"a/b\", \"full_name\": \"c/d\"}", 400, "not JSON"),
        json("10,000 levels", "{\"full_name\": " + nested + "}", 400, "not JSON"),
        json("a huge number", "{\"full_name\": 1" + "0".repeat(5_000) + "}", 400, "not JSON"),
        json("a huge exponent", "{\"full_name\": 1e999999999}", 400, "must be a string"),
        json("NaN", "{\"full_name\": NaN}", 400, "not JSON"),
        json("a comment", "/* x */" + GOOD, 400, "not JSON"),
        json("a raw control character", "{\"full_name\": \"a\u0001/b\"}", 400, "not JSON"),
        json("a mark and no name", "\u00ef\u00bb\u00bf{}", 400, "full_name is missing"),
        json("two marks", "\u00ef\u00bb\u00bf\u00ef\u00bb\u00bf" + GOOD, 400, "not JSON"),
        json("UTF-16 with a mark", latin1(GOOD.getBytes(UTF_16)), 400, "UTF-8"),
        json("UTF-16 without", latin1(GOOD.getBytes(UTF_16LE)), 400, "not JSON"),
        json("Latin-1", "{\"full_name\": \"acme/d\u00e9mo\"}", 400, "UTF-8"),
        json("an overlong slash", "{\"full_name\": \"acme\u00c0\u00afdemo\"}", 400, "UTF-8"),
        json("over 128 KiB", big, 413, "128 KiB"),
        new Case("over 128 KiB in chunks", chunked(big), 413, "128 KiB"),
        new Case("text/plain", post("/buildAsync", "text/plain", GOOD), 415, "application/json"),
        new Case("text/xml", post("/get", "text/xml", "<a/>"), 415, "application/json"),
        new Case(
            "multipart",
            post("/buildAsync", "multipart/form-data; boundary=x", "--x--"),
            415,
            "application/json"),
        form("half an escape", "full_name=acme%2", "percent-encoded"),
        form("no hexadecimal digits", "full_name=acme%zzdemo", "percent-encoded"),
        form("no UTF-8", "full_name=acme%FFdemo", "percent-encoded"),
        form("NUL", "full_name=acme%00demo", "control character"),
        form("a field twice", "full_name=a/b&full_name=c/d", "twice"),
        form("a thousand fields", "a=1&".repeat(1_000), "more than 100"),
        form(
            "versions that are no JSON",
            "full_name=a/b&clone_url=" + URL + "&versions=x",
            "versions"),
        form("nothing", "", "full_name is missing"));
  }

  static Stream<Case> names() {
    Stream<Case> values =
        Stream.of(
                "",
                "demo",
                "acme/",
                "/demo",
                "acme/demo/x",
                "acme//demo",
                "acme demo/x",
                "../x",
                "acme/..",
                "./x",
                "acme/.git",
                ".git",
                "acme/de mo",
                "acme/demo\\n",
                "acme/\\u0000",
                "acme/d\\u00e9mo",
                "-acme/demo",
                "acme/-demo",
                "acme%2fdemo",
                "acme/" + "x".repeat(101),
                "acme/demo.git.git",
                "acme\\\\demo",
                "https://github.com/acme/demo")
            .map(name -> json("full_name " + name, named("\"" + name + "\""), 400, "full_name"));
    Stream<Case> types =
        Stream.of("1", "true", "[]", "{}", "[\"acme/demo\"]")
            .map(value ->
                json("full_name " + value, named(value), 400, "full_name must be a string"));
    Stream<Case> reserved =
        Stream.of(
                "builds/x",
                "api/x",
                "API/x",
                "hexpm/x",
                "queue/demo",
                "search/a",
                "acme-otp25/demo")
            .map(name -> json("full_name " + name, named("\"" + name + "\""), 400, "reserved"));
    Stream<Case> missing =
        Stream.of("{\"clone_url\": \"" + URL + "\"}", named("null"))
            .map(body -> json("no full_name " + body, body, 400, "full_name is missing"));
    Stream<Case> elsewhere =
        Stream.of("/buildSync", "/builds", "/versions", "/get")
            .map(path ->
                new Case(path, post(path, "application/json", "{}"), 400, "full_name is missing"));
    return Stream.of(values, types, reserved, missing, elsewhere).flatMap(s -> s);
  }

  static Stream<Case> refs() {
    Stream<Case> values =
        Stream.of(
                "../../x",
                "--upload-pack=touch /x",
                "-x",
                "",
                " ",
                "1.0 0",
                "1.0\\n0",
                "1.0\\u0000",
                "1.0\\r",
                "a..b",
                "a/../b",
                "/a",
                "a/",
                "a//b",
                "a.lock",
                "a@{1}",
                "a~1",
                "a^",
                "a:b",
                "a?",
                "a*",
                "a[b",
                "a\\\\b",
                "\\u00e9",
                "@",
                "a;b",
                "a|b",
                "$(a)",
                "`a`",
                "x".repeat(10_240))
            .map(ref ->
                version(
                    "ref " + (ref.length() > 30 ? "10 kB" : ref),
                    "{\"ref\": \"" + ref + "\"}",
                    "ref"));
    Stream<Case> types =
        Stream.of("1", "1.0", "true", "[\"1.0.0\"]", "{}")
            .map(value ->
                version("ref " + value, "{\"ref\": " + value + "}", "ref must be a string"));
    Stream<Case> versions =
        Stream.of(
                "\"1.0.0\"", "1", "true", "[\"1.0.0\"]", "[null]", "[[]]", "[{\"ref\": \"1\"}, 2]")
            .map(value -> json("versions " + value, versions(value), 400, "versions must be"));
    Case tooMany =
        json("101 versions", versions("[" + "{},".repeat(100) + "{}]"), 400, "more than 100");
    return Stream.of(values, types, versions, Stream.of(tooMany)).flatMap(s -> s);
  }

  static Stream<Case> otps() {
    return Stream.of(
            "\"x\"",
            "\"R16\"",
            "\"25.x\"",
            "\"-1\"",
            "\"0\"",
            "\"25..3\"",
            "\"99999\"",
            "\"25\\n26\"",
            "\"../25\"",
            "\"25; ls\"")
        .map(otp ->
            version("erl_version " + otp, "{\"erl_version\": " + otp + "}", "Erlang/OTP version"));
  }

  static Stream<Case> urls() {
    Stream<Case> schemes =
        Stream.of(
                "file:///etc/passwd",
                "ext::sh -c ls",
                "ssh://git@github.com/a/b",
                "git://github.com/a/b",
                "http://github.com/a/b",
                "ftp://github.com/a",
                "HTTPS://github.com/a/b",
                "javascript:x")
            .map(url -> url(url, "clone_url must begin with https://"));
    Stream<Case> forms =
        Stream.of(
                "/etc/passwd",
                "-x",
                "github.com/a/b",
                "https://",
                "https:///a/b",
                "https://github.com",
                "https://github.com/a/../b",
                "https://github.com/a/%2e%2e/b",
                "https://github.com/a b",
                "https://github.com/a\\nb",
                "https://github.com/a\\u0000",
                "https://github.com/a?b=c",
                "https://github.com/a#b",
                "https://github.com:99999/a",
                "https://github.com:x/a",
                "https://-x/a",
                "https://[::1/a",
                "https://g\\u0456thub.com/a/b",
                " https://github.com/a",
                "https://github.com/" + "x".repeat(600),
                "::",
                "git@github.com:a/b.git")
            .map(url -> url(url, "clone_url"));
    Stream<Case> credentials =
        Stream.of("https://user:secret@github.com/a/b", "https://token@github.com/a/b")
            .map(url -> url(url, "user name, a password or a token"));
    Stream<Case> hosts =
        Stream.of(
                "https://evil.example/a/b",
                "https://127.0.0.1/a/b",
                "https://169.254.169.254/a",
                "https://[::1]/a",
                "https://192.168.0.1/a",
                "https://github.com.evil.example/a/b")
            .map(url -> url(url, "may not be cloned here"));
    Stream<Case> local =
        Stream.of("https://10.0.0.9/a/b", "https://localhost/a/b", "https://intranet/a/b")
            .map(url -> url(url, "public code host"));
    Stream<Case> types =
        Stream.of("1", "[]", "{}", "true")
            .map(value ->
                json("clone_url " + value, cloned(value), 400, "clone_url must be a string"));
    Stream<Case> others =
        Stream.of(
            url("https://github.com:8443/a/b", "port"),
            json("clone_url null", cloned("null"), 400, "clone_url is missing"),
            json("no clone_url", "{\"full_name\": \"acme/demo\"}", 400, "clone_url is missing"));
    return Stream.of(schemes, forms, credentials, hosts, local, types, others).flatMap(s -> s);
  }

  static Stream<Case> ids() {
    Stream<Case> odd =
        Stream.of(
                UNKNOWN,
                "1",
                "x",
                "%00",
                "..%2f..%2fetc%2fpasswd",
                "x".repeat(3_000),
                UNKNOWN + "0")
            .flatMap(id ->
                Stream.of("/download/", "/builds/", "/build_log?build_id=")
                    .map(path ->
                        get(path + id, id.equals("%00") && path.contains("?") ? 400 : 404, "")));
    Stream<Case> rebuilds =
        Stream.of(
            new Case("no build_id", rebuild("{}"), 400, "build_id is missing"),
            new Case("an odd build_id", rebuild("{\"build_id\": \"x\"}"), 400, "build_id"),
            new Case("build_id 1", rebuild("{\"build_id\": 1}"), 400, "must be a string"),
            new Case(
                "an unknown build_id",
                rebuild("{\"build_id\": \"" + UNKNOWN + "\"}"),
                404,
                UNKNOWN));
    return Stream.of(odd, rebuilds, Stream.of(get("/build_log", 400, "build_id is missing")))
        .flatMap(s -> s);
  }

  static Stream<Case> queries() {
    Stream<Case> numbers =
        Stream.of(
                "-1",
                "0",
                "x",
                "1000000000",
                "99999999999999999999",
                "1.5",
                "1e3",
                "%201",
                "0x10",
                "+5",
                "%2B")
            .flatMap(n ->
                Stream.of(
                    get("/last_builds?n=" + n, 400, "n must be a whole number from 1 to 1000"),
                    get("/search?limit=" + n, 400, "limit must be a whole number from 1 to 1000")));
    return Stream.concat(
        numbers,
        Stream.of(
            get("/search?after=x", 400, "build_id"),
            get("/search?after=1%20or%201=1", 400, "build_id"),
            get("/search?erl_version=x", 400, "Erlang/OTP version"),
            get("/search?name=" + "x".repeat(201), 400, "longer than 200"),
            get("/search?name=%zz", 400, "percent-encoded"),
            get("/search?name=%", 400, "percent-encoded"),
            get("/search?name=%ff", 400, "percent-encoded"),
            get("/search?name=%00", 400, "control character"),
            get("/search?name=\u00e9", 400, "percent-encoded"),
            get("/search?" + "a=b&".repeat(101), 400, "more than 100")));
  }

  static Stream<Case> addresses() {
    String wrong = "does not take that method";
    return Stream.of(
        get("/nothing", 404, "nothing at this path"),
        get("/", 404, "nothing at this path"),
        get("/env", 404, "nothing at this path"),
        get("/download/../../etc/passwd", 404, "nothing at this path"),
        get("/%zz", 400, "percent-encoded"),
        get("/download/%ff%fe", 404, ""),
        get("/download/%", 400, "percent-encoded"),
        get("/buildAsync", 405, wrong),
        get("/get", 405, wrong),
        get("/rebuild", 405, wrong),
        new Case("POST /search", post("/search", "application/json", GOOD), 405, wrong),
        new Case("POST /health", post("/health", "application/json", ""), 405, wrong),
        new Case(
            "DELETE",
            "DELETE /builds/" + UNKNOWN + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
            405,
            wrong),
        new Case(
            "PUT",
            "PUT /search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n",
            405,
            wrong),
        new Case("OPTIONS", "OPTIONS /buildAsync HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 405, wrong),
        new Case(
            "an unknown method", "BREW /search HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 405, wrong),
        get("/" + "x".repeat(10_240), 414, "8 KiB"),
        new Case(
            "40 kB of headers",
            "GET /search HTTP/1.1\r\nX-A: " + "x".repeat(40_960) + "\r\n\r\n",
            431,
            "32 KiB"),
        new Case("HTTP/1.0", "GET /last_builds?n=x HTTP/1.0\r\n\r\n", 400, "n must be"),
        new Case("garbage", "\u0000\u0001\u0002 what\r\n\r\n", 400, "no HTTP request"));
  }

  private static long rows(String table) {
    return server
        .database()
        .database()
        .jdbi()
        .withHandle(
            handle -> handle.createQuery("select count(*) from " + table).mapTo(Long.class).one());
  }

  private static Case url(String url, String sentence) {
    return json("clone_url " + url, cloned("\"" + url + "\""), 400, sentence);
  }

  private static Case version(String name, String version, String sentence) {
    return json(name, versions("[" + version + "]"), 400, sentence);
  }

  private static Case json(String name, String body, int status, String sentence) {
    return new Case(name, post("/buildAsync", "application/json", body), status, sentence);
  }

  private static Case form(String name, String body, String sentence) {
    String type = "application/x-www-form-urlencoded";
    return new Case("a form with " + name, post("/buildAsync", type, body), 400, sentence);
  }

  private static Case get(String address, int status, String sentence) {
    String request = "GET " + address + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    String name = address.length() > 60 ? address.substring(0, 60) + "…" : address;
    return new Case(name, request, status, sentence);
  }

  private static String rebuild(String body) {
    return post("/rebuild", "application/json", body);
  }

  private static String post(String path, String type, String body) {
    return "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(path, type, body.length(), body);
  }

  private static String chunked(String body) {
    return "POST /buildAsync HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n".formatted(body.length(), body);
  }

  private static String named(String json) {
    return "{\"full_name\": " + json + ", \"clone_url\": \"" + URL + "\"}";
  }

  private static String cloned(String json) {
    return "{\"full_name\": \"acme/demo\", \"clone_url\": " + json + "}";
  }

  private static String versions(String json) {
    return "{\"full_name\": \"acme/demo\", \"clone_url\": \""
        + URL
        + "\", \"versions\": "
        + json
        + "}";
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  /** Each file below the data directory with its size and time. */
  private static Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(server.data())) {
      all.filter(Files::isRegularFile).forEach(file -> files.put(file.toString(), state(file)));
    }
    assertThat(files).isNotEmpty();
    return files;
  }

  private static String state(Path file) {
    try {
      return Files.size(file) + " bytes at " + Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
