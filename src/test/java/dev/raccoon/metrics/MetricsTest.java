package dev.raccoon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.testing.Patience;
import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The figures after a good build, a failed one, a clone that failed, downloads and a miss. */
class MetricsTest {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{[a-zA-Z_]\\w*=\"(?:[^\"\\\\\\n]|\\\\.)*\"(?:,[a-zA-Z_]\\w*=\"(?:[^\"\\\\\\n]|\\\\.)*\")*})?"
              + " (-?[0-9.]+(?:E-?[0-9]+)?|NaN|[+-]Inf)");
  private static final Pattern TYPE =
      Pattern.compile(
          "# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|summary|histogram|untyped)");

  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void useTheServer() throws Exception {
    server = TestServer.start(folder, Map.of("RACCOON_BUILD_SLOTS", "3"));
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
    JsonNode good = server.build("demo", "[{\"ref\": \"1.0.0\"}]").getFirst();
    server.ended("broken", "[{\"ref\": \"0.1.0\"}]");
    Reply absent =
        server.post(
            "/buildAsync",
            "{\"full_name\": \"acme/absent\", \"clone_url\": \"https://git.example.org/absent.git\"}");
    server.ended(absent.response().get("builds").get(0).get("build_id").stringValue());
    server.get(good.get("artifact_path").stringValue());
    server.post("/get", "{\"full_name\": \"acme/demo\"}");
    server.post("/get", "{\"full_name\": \"acme/nothing\"}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void theFlatFiguresHaveTheNamesOfOldDashboardsAndTrueValues() throws Exception {
    Patience.await(
        () -> Optional.of(figures()).filter(now -> now.get("gauge.slots.free").intValue() == 3));
    JsonNode figures = figures();
    Map<String, Integer> expected = new HashMap<>();
    expected.put("gauge.package.clone.ok", 2);
    expected.put("gauge.package.clone.fail", 1);
    expected.put("gauge.package.build.ok", 1);
    expected.put("gauge.package.build.fail", 2);
    expected.put("gauge.package.load.success", 2);
    expected.put("gauge.package.load.fail", 1);
    expected.put("counter.package.load.all", 3);
    expected.put("gauge.queue.waiting", 0);
    expected.put("gauge.queue.running", 0);
    expected.forEach(
        (name, value) -> assertThat(figures.get(name).intValue()).as(name).isEqualTo(value));
    assertThat(figures.valueStream()).allMatch(JsonNode::isNumber);
  }

  @Test
  void whoAsksForJsonGetsIt() {
    Reply reply =
        server.send(
            HttpRequest.newBuilder(server.uri("/metrics")).header("Accept", "application/json"));
    assertThat(reply.json().propertyNames()).isEqualTo(figures().propertyNames());
  }

  @Test
  void prometheusReadsTheText() {
    Reply reply = server.get("/metrics");
    assertThat(reply.http().headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    assertThat(reply.text()).endsWith("\n");
    Map<String, String> types = new HashMap<>();
    Map<String, String> helps = new HashMap<>();
    Map<String, Double> samples = new HashMap<>();
    for (String line : reply.text().split("\n", -1)) {
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (type.matches()) {
        assertThat(types.put(type.group(1), type.group(2))).as(line).isNull();
      } else if (line.startsWith("# HELP ")) {
        helps.put(line.split(" ", 4)[2], line.split(" ", 4)[3]);
      } else if (!line.isEmpty()) {
        assertThat(sample.matches()).as(line).isTrue();
        String family = sample.group(1).replaceFirst("_(count|sum)$", "");
        assertThat(types).as(line).containsKey(family);
        samples.put(sample.group(1) + sample.group(2), Double.parseDouble(sample.group(3)));
      }
    }
    assertThat(helps.keySet()).isEqualTo(types.keySet());
    assertThat(helps.values()).noneMatch(String::isBlank);
    assertThat(samples)
        .containsEntry("raccoon_builds_seconds_count{result=\"success\"}", 1.0)
        .containsEntry("raccoon_builds_seconds_count{result=\"fail\"}", 2.0)
        .containsEntry("raccoon_fetches_seconds_count{result=\"fail\"}", 1.0)
        .containsEntry("raccoon_downloads_total{result=\"success\"}", 2.0)
        .containsEntry("raccoon_downloads_total{result=\"fail\"}", 1.0);
  }

  private static JsonNode figures() {
    return server.get("/metrics?format=json").json();
  }
}
