package dev.raccoon;

import static dev.raccoon.CommandLine.raccoon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.CommandLine.Ended;
import dev.raccoon.config.Settings;
import dev.raccoon.testing.S3Server;
import dev.raccoon.testing.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server on a bucket that runs is backed up, and goes on elsewhere. */
class BackupOfAServerTest {
  @TempDir static Path folder;

  /** The same settings, for a data directory and an embedded database of its own. */
  private static Map<String, String> elsewhere(TestServer server, String name, String artifacts) {
    Map<String, String> settings = new HashMap<>(server.settings());
    settings.remove("RACCOON_DATABASE_URL");
    settings.put("RACCOON_DATA_DIR", folder.resolve(name).toString());
    settings.put("RACCOON_ARTIFACTS", artifacts);
    return settings;
  }

  @Test
  void fromABucketToAFolderAndToAnotherBucket() throws Exception {
    try (S3Server bucket = S3Server.start(folder.resolve("served"));
        TestServer server =
            TestServer.start(Files.createDirectory(folder.resolve("one")), bucket.settings("a"))) {
      server.whereItBuilds();
      String id =
          server.build("demo", "[{\"ref\": \"1.0.0\"}]").getFirst().get("build_id").stringValue();
      byte[] whole = server.get("/download/" + id).http().body();
      // One that waits or runs while the backup is made.
      server.post("/buildAsync", server.request("demo", "[{\"ref\": \"1.1.0\"}]"));

      String file = folder.resolve("backup.tar.gz").toString();
      Ended backup = raccoon(server.settings(), "backup", file);
      assertThat(backup.status()).as(backup.errors()).isZero();
      assertThat(backup.out()).contains(file, "0 of them missing or damaged.");
      assertThat(raccoon(server.settings(), "audit").out()).contains("backup", file);
      Ended again = raccoon(server.settings(), "backup", file);
      assertThat(again.status()).isEqualTo(1);
      assertThat(again.errors()).contains("there is a file already");
      assertThat(raccoon(server.settings(), "backup", "backup.tar").status()).isEqualTo(2);
      Ended own = raccoon(server.settings(), "restore", file);
      assertThat(own.status()).isEqualTo(1);
      assertThat(own.errors()).contains("A server uses the data directory");

      Map<String, String> other = elsewhere(server, "other", "s3://raccoon/b");
      Ended restored = raccoon(other, "restore", file);
      assertThat(restored.status()).as(restored.errors()).isZero();
      assertThat(restored.out()).contains("is restored", "0 of them missing or damaged.");
      Ended twice = raccoon(other, "restore", file);
      assertThat(twice.status()).isEqualTo(1);
      assertThat(twice.errors()).contains("The database is not empty");

      Map<String, String> files =
          elsewhere(server, "files", "file:" + folder.resolve("files-store"));
      assertThat(raccoon(files, "restore", file).status()).isZero();
      for (Map<String, String> settings : List.of(other, files)) {
        assertThat(downloaded(settings, id)).isEqualTo(whole);
      }
      withoutArtifacts(server);
    }
  }

  private static byte[] downloaded(Map<String, String> settings, String id) throws Exception {
    try (Server server = Server.start(Settings.of(settings));
        HttpClient client = HttpClient.newHttpClient()) {
      URI address = URI.create(server.url().orElseThrow() + "/download/" + id);
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(200);
      return answer.body();
    }
  }

  private static void withoutArtifacts(TestServer server) throws Exception {
    String file = folder.resolve("records.tar.gz").toString();
    Ended backup = raccoon(server.settings(), "backup", "--without-artifacts", file);
    assertThat(backup.status()).isZero();
    Ended there = raccoon(elsewhere(server, "there", "s3://raccoon/a"), "restore", file);
    assertThat(there.status()).as(there.out()).isZero();
    Ended missing =
        raccoon(elsewhere(server, "missing", "file:" + folder.resolve("nothing")), "restore", file);
    assertThat(missing.status()).isEqualTo(1);
    assertThat(missing.out()).contains("missing: package ", "missing: log ");
    try (Stream<Path> all = Files.list(folder)) {
      assertThat(all.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
    }
  }
}
