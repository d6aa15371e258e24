package dev.raccoon.coon;

import dev.raccoon.access.Caller;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.http.RefusedException;
import dev.raccoon.http.Route;
import dev.raccoon.metrics.BuildMetrics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code GET /metrics}: Prometheus' text, or one flat JSON object for collectd's curl_json. */
public final class MetricsRoutes {
  private MetricsRoutes() {}

  /** The routes; {@code open}: for who has no token, too. */
  public static List<Route> of(BuildMetrics metrics, boolean open) {
    return List.of(
        Route.get(
            "/metrics",
            exchange -> {
              if (!open && exchange.caller() instanceof Caller.Anonymous) {
                throw new RefusedException(
                    401,
                    "To read the metrics here, send a token: the server's operator makes one with"
                        + " bin/raccoon token create --scope read.");
              }
              return answer(metrics, exchange);
            }));
  }

  private static Answer answer(BuildMetrics metrics, Exchange exchange) {
    boolean json =
        exchange.parameter("format").equals(Optional.of("json"))
            || exchange.accepts("application/json");
    return json
        ? Envelope.json(200, metrics.flat())
        : new Answer.Bytes(
            200,
            "text/plain; version=0.0.4; charset=utf-8",
            metrics.prometheus().getBytes(StandardCharsets.UTF_8),
            Map.of());
  }
}
