package dev.raccoon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.Patience;
import dev.raccoon.testing.TestServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/**
 * What ends a build that does not end by itself, and what does not. It mostly waits, so it does so
 * beside other tests.
 */
@Execution(ExecutionMode.CONCURRENT)
class BuildLimitsTest {
  @TempDir Path folder;

  @Test
  void aBuildThatNeverEndsIsStoppedAtItsTimeLimitWithAllThatItStarted() throws Exception {
    try (TestServer server = TestServer.start(folder, Map.of("RACCOON_BUILD_TIMEOUT", "5s"))) {
      JsonNode build = server.ended("slow", "null");
      assertThat(build.get("failure").stringValue()).isEqualTo("LIMIT");
      assertThat(build.get("message").stringValue())
          .isEqualTo("Stopped at its time limit of 5 s, while compiling.");
      assertThat(server.log(build.get("build_id").stringValue())).contains("slow: started");
      Patience.await(() -> anyRuns("straggler.sh") ? Optional.empty() : Optional.of(true));
    }
  }

  @Test
  void aBuildThatPrintsNothingFor45SecondsSucceeds() throws Exception {
    try (TestServer server = TestServer.start(folder)) {
      JsonNode build = server.build("silent", "{\"ref\": \"silent-45s\"}").getFirst();
      assertThat(build.get("state").stringValue()).isEqualTo("SUCCEEDED");
    }
  }

  @Test
  void aLogCanBeReadWhileItsBuildRuns() throws Exception {
    try (TestServer server = TestServer.start(folder)) {
      String id =
          server
              .post("/buildAsync", server.request("slow", "null"))
              .response()
              .get("builds")
              .get(0)
              .get("build_id")
              .stringValue();
      Patience.await(
          () -> Optional.of(server.log(id)).filter(log -> log.contains("slow: started")));
      assertThat(server.get("/builds/" + id).response().get("state").stringValue())
          .isEqualTo("RUNNING");
    }
  }

  private static boolean anyRuns(String program) {
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").contains(program));
  }
}
