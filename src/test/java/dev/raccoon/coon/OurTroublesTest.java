package dev.raccoon.coon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raccoon.testing.TestServer;
import dev.raccoon.testing.TestServer.Reply;
import dev.raccoon.value.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told when something of the server's own is gone or full. */
class OurTroublesTest {
  @TempDir Path folder;

  @Test
  void aFullDiskIsA503WithASentence() throws IOException {
    try (TestServer server = TestServer.start(folder)) {
      var jdbi = server.database().database().jdbi();
      jdbi.useHandle(handle -> {
        handle.execute(
            """
            create function full_disk() returns trigger language plpgsql as
            $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$
            """);
        handle.execute(
            "create trigger full_disk before insert on build for each row"
                + " execute function full_disk()");
      });

      Reply reply = server.post("/buildAsync", server.request("demo", "[{\"ref\": \"1.0.0\"}]"));

      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.http().headers().firstValue("Retry-After")).contains("60");
      assertThat(reply.response().stringValue())
          .isEqualTo("The server's disk is full: try again later.");
      assertThat(server.get("/last_builds").status()).isEqualTo(200);
    }
  }

  @Test
  void aLostLogSaysHowToGetItAgain() throws Exception {
    try (TestServer server = TestServer.start(folder)) {
      String id = server.ended("demo", "[{\"ref\": \"absent\"}]").get("build_id").stringValue();
      assertThat(server.log(id)).contains("Failed");
      lose(server);

      Reply reply = server.get("/build_log?build_id=" + id);

      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.response().stringValue())
          .isEqualTo(
              "The log of build "
                  + id
                  + " is lost: POST its build_id to /rebuild, and it is made again.");
    }
  }

  @Test
  void aLostPackageSaysHowToGetItAgain() throws Exception {
    try (TestServer server = TestServer.start(folder)) {
      String id =
          server.build("demo", "[{\"ref\": \"1.0.0\"}]").getFirst().get("build_id").stringValue();
      assertThat(server.get("/download/" + id).status()).isEqualTo(200);
      lose(server);

      for (Reply reply :
          List.of(
              server.get("/download/" + id),
              server.post("/get", "{\"full_name\": \"acme/demo\"}"))) {
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.response().stringValue())
            .startsWith("The package of build " + id + " is lost: ");
      }
    }
  }

  @Test
  void aDamagedPackageIsNotHandedOutAndARebuildMendsIt() throws Exception {
    try (TestServer server = TestServer.start(folder)) {
      var build = server.build("demo", "[{\"ref\": \"1.0.0\"}]").getFirst();
      String id = build.get("build_id").stringValue();
      byte[] whole = server.get("/download/" + id).http().body();
      damage(server.data().resolve("artifacts/sha256"), Sha256.of(whole));

      for (Reply reply :
          List.of(
              server.get("/download/" + id),
              server.post("/get", "{\"full_name\": \"acme/demo\"}"))) {
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.response().stringValue())
            .isEqualTo(
                "The package of build "
                    + id
                    + " is damaged: POST its build_id to /rebuild, and it is made again.");
      }
      assertThat(server.get("/metrics").text()).contains("raccoon_damaged_artifacts_total 2.0");

      Reply rebuilt = server.post("/rebuild", "{\"build_id\": \"" + id + "\"}");
      server.ended(rebuilt.response().get("builds").get(0).get("build_id").stringValue());
      assertThat(server.get("/download/" + id).http().body()).isEqualTo(whole);
    }
  }

  private static void damage(Path sha256, Sha256 digest) throws IOException {
    Path file = sha256.resolve(digest.hex().substring(0, 2)).resolve(digest.hex().substring(2));
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    Files.write(file, bytes);
  }

  private static void lose(TestServer server) throws IOException {
    try (var files = Files.walk(server.data().resolve("artifacts/sha256"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }
}
