package dev.raccoon.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.catalog.EgressStore;
import dev.raccoon.egress.EgressRequest;
import dev.raccoon.egress.EgressRequest.Outcome;
import dev.raccoon.testing.TestServer;
import dev.raccoon.value.BuildId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Dependencies, fetched by real rebar3 and git in a sandbox whose one way out is the proxy. */
class PrepareStepTest {
  private static final String VERSION = "[{\"ref\": \"1.0.0\"}]";

  @TempDir static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start(folder);
    assumeTrue(
        !server.server().installations().all().isEmpty(), "there is no Erlang/OTP on this machine");
    assumeTrue(server.server().sandboxTrouble().isEmpty(), "there is no sandbox on this machine");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String id(JsonNode build) {
    return build.get("build_id").stringValue();
  }

  private static List<EgressRequest> recorded(JsonNode build) {
    return new EgressStore(server.database().database().jdbi()).of(BuildId.parse(id(build)));
  }

  @Test
  void aDependencyFromGitIsFetchedThroughTheProxyAndThatIsRecorded() throws Exception {
    server.repository("demo");

    JsonNode build = server.build("git_dependency", VERSION).getFirst();

    assertThat(build.get("state").stringValue()).isEqualTo("SUCCEEDED");
    JsonNode used = build.get("dependencies").get(0);
    assertThat(used.get("name").stringValue()).isEqualTo("demo");
    assertThat(used.get("kind").stringValue()).isEqualTo("git");
    assertThat(used.get("source").stringValue()).isEqualTo("https://git.example.org/demo.git");
    assertThat(used.get("commit").stringValue())
        .isEqualTo(server.repository("demo").commitOf("1.0.1"));
    assertThat(recorded(build))
        .isNotEmpty()
        .allSatisfy(request -> {
          assertThat(request.host()).isEqualTo("git.example.org");
          assertThat(request.path()).startsWith("/demo.git/");
          assertThat(request.outcome()).isEqualTo(new Outcome.Answered(200));
          assertThat(request.digest()).isPresent();
        });
  }

  @Test
  void aHostThatIsNotAllowedIsNamedInTheLogAndInTheFailure() throws Exception {
    JsonNode build = server.ended("blocked_dependency", VERSION);

    assertThat(build.get("failure").stringValue()).isEqualTo("DEPENDENCY");
    assertThat(build.get("message").stringValue())
        .isEqualTo("The dependency demo could not be had: builds may not connect to evil.example.");
    assertThat(server.log(id(build))).contains("Not let through: evil.example.");
    assertThat(recorded(build))
        .isNotEmpty()
        .allSatisfy(request -> {
          assertThat(request.host()).isEqualTo("evil.example");
          assertThat(request.outcome()).isInstanceOf(Outcome.Refused.class);
        });
  }
}
