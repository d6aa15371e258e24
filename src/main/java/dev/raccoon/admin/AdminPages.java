package dev.raccoon.admin;

import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.value.InvalidValueException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pages of the administrator's lists: {@code limit}, {@code after}, and a {@code Link} header. */
final class AdminPages {
  private static final int USUAL_ROWS = 100;
  private static final int MAX_ROWS = 1_000;

  private AdminPages() {}

  /** How many rows are asked for. */
  static int limit(Exchange exchange) {
    return exchange.number("limit", USUAL_ROWS, 1, MAX_ROWS);
  }

  /** The id after which a list goes on that is ordered by falling ids. */
  static long before(Exchange exchange) {
    return exchange.parameter("after").map(raw -> id("after", raw)).orElse(Long.MAX_VALUE);
  }

  /** An id that a client sent. */
  static long id(String name, String raw) {
    if (!raw.matches("[0-9]{1,18}")) {
      throw new InvalidValueException(name + " must be an id of this list, a number.");
    }
    return Long.parseLong(raw);
  }

  /** {@code rows}, and where to go on if there may be more; {@code key} is a row's place. */
  static Answer page(Exchange exchange, List<Map<String, @Nullable Object>> rows, String key) {
    return page(exchange, rows, rows, key);
  }

  /** The same, where the answer is {@code response}, which has the rows among others. */
  static Answer page(
      Exchange exchange, Object response, List<Map<String, @Nullable Object>> rows, String key) {
    Answer answer = Envelope.good(response);
    if (rows.size() < limit(exchange)) {
      return answer;
    }
    String after = String.valueOf(rows.getLast().get(key));
    return answer.with(
        "Link",
        "<%s?limit=%d&after=%s>; rel=\"next\""
            .formatted(
                exchange.path(),
                limit(exchange),
                URLEncoder.encode(after, StandardCharsets.UTF_8)));
  }
}
