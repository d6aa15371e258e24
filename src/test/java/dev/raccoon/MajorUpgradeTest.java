package dev.raccoon;

import static dev.raccoon.CommandLine.raccoon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raccoon.config.Settings;
import dev.raccoon.testing.DebianPostgres;
import dev.raccoon.testing.Program;
import dev.raccoon.testing.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From Debian's PostgreSQL 15 to the embedded one, by a backup. */
class MajorUpgradeTest {
  @TempDir Path folder;

  @BeforeEach
  void requirePostgres() {
    assumeTrue(DebianPostgres.isThere(), "PostgreSQL 15 is not installed");
    assumeTrue(!System.getProperty("user.name").equals("root"), "PostgreSQL refuses root");
  }

  @Test
  void allThatAServerOnAnOlderPostgresHasGoesOnInANewerOne() throws Exception {
    Map<String, String> old;
    Path file = folder.resolve("backup.tar.gz");
    String id;
    byte[] whole;
    try (DebianPostgres postgres = new DebianPostgres(folder.resolve("fifteen"));
        TestServer server =
            TestServer.start(
                Files.createDirectory(folder.resolve("old")),
                Map.of("RACCOON_DATABASE_URL", postgres.url()))) {
      server.whereItBuilds();
      old = server.settings();
      id = server.build("demo", "[{\"ref\": \"1.0.0\"}]").getFirst().get("build_id").stringValue();
      server.ended("demo", "[{\"ref\": \"absent\"}]");
      whole = server.get("/download/" + id).http().body();
      CommandLine.Ended backup = raccoon(old, "backup", file.toString());
      assertThat(backup.status()).as(backup.errors()).isZero();
      assertThat(backup.out()).contains("0 of them missing or damaged.");
    }

    Map<String, String> young = new HashMap<>(old);
    young.remove("RACCOON_DATABASE_URL");
    young.put("RACCOON_DATA_DIR", folder.resolve("young").toString());
    CommandLine.Ended restored = raccoon(young, "restore", file.toString());
    assertThat(restored.status()).as(restored.errors()).isZero();
    assertThat(restored.out()).contains("0 of them missing or damaged.");
    CommandLine.Ended verified = raccoon(young, "store", "verify");
    assertThat(verified.status()).as(verified.out()).isZero();
    try (Server server = Server.start(Settings.of(young));
        HttpClient client = HttpClient.newHttpClient()) {
      URI address = URI.create(server.url().orElseThrow() + "/download/" + id);
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.body()).isEqualTo(whole);
      String again =
          """
          {"full_name": "acme/demo", "clone_url": "https://git.example.org/demo.git", "versions": [{"ref": "1.0.1"}]}
          """;
      HttpResponse<String> built =
          client.send(
              HttpRequest.newBuilder(URI.create(server.url().orElseThrow() + "/buildSync"))
                  .POST(HttpRequest.BodyPublishers.ofString(again))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(built.body()).contains("\"state\":\"SUCCEEDED\"");
    }
  }

  @Test
  void anEmbeddedClusterOfThatVersionIsRefusedWithTheWayOut() throws Exception {
    Path data = folder.resolve("data");
    Path cluster = Files.createDirectories(data.resolve("postgres/cluster"));
    DebianPostgres.initialise(cluster.resolve("data"), "secret");
    Files.writeString(cluster.resolve("password"), "secret\n");

    Map<String, String> settings = Map.of("RACCOON_DATA_DIR", data.toString(), "RACCOON_PORT", "0");
    Program.Ended refused = Program.raccoon(java.util.List.of(), settings, "serve");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.errors())
        .startsWith("raccoon: The database in ")
        .contains("was made by PostgreSQL 15, and this release of Raccoon has 18")
        .contains("bin/raccoon backup")
        .doesNotContain("Exception");
  }
}
