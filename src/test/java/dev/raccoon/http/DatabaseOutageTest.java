package dev.raccoon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raccoon.access.Authentication;
import dev.raccoon.access.Caller;
import dev.raccoon.access.TokenSecret;
import dev.raccoon.access.TokenStore;
import dev.raccoon.config.Clients;
import dev.raccoon.db.Database;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who sends a good token while the database that knows it is away. */
@Timeout(60)
class DatabaseOutageTest {
  @ParameterizedTest
  @ValueSource(strings = {"/health", "/metrics"})
  void isAnsweredAsAnybodyWhereTheServerIsWatched(String path) throws Exception {
    assertThat(answer(path, closedPort())).isEqualTo("Anonymous");
  }

  @Test
  void isNotKeptWaitingThereByADatabaseThatHangs() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      assertThat(answer("/health", silent.getLocalPort())).isEqualTo("Anonymous");
    }
  }

  @Test
  void isNobodyElseAnywhereElse() throws Exception {
    int port = closedPort();
    assertThatThrownBy(() -> answer("/search", port)).matches(Database::isAway);
  }

  private static int closedPort() throws Exception {
    try (ServerSocket closing = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      return closing.getLocalPort();
    }
  }

  private static String answer(String path, int port) throws Exception {
    Jdbi jdbi = Jdbi.create("jdbc:postgresql://127.0.0.1:" + port + "/x", "x", "x");
    CallerCheck check =
        new CallerCheck(
            new Authentication(new TokenStore(jdbi, Clock.systemUTC()), Clock.systemUTC()),
            Clients.USUAL,
            any -> Traffic.READ);
    Route route =
        check.before(Route.get(path, e -> Answer.text(200, e.caller().getClass().getSimpleName())));
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    headers.add("Authorization", "Bearer " + TokenSecret.random().reveal());
    Exchange exchange =
        new Exchange(
            new Exchange.Target("GET", path, Map.of(), Map.of()),
            headers,
            new byte[0],
            "127.0.0.1",
            Caller.ANONYMOUS);
    return new String(
        ((Answer.Bytes) route.endpoint().answer(exchange)).body(),
        java.nio.charset.StandardCharsets.UTF_8);
  }
}
