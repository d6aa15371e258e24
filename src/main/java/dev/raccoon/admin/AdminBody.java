package dev.raccoon.admin;

import dev.raccoon.http.Exchange;
import dev.raccoon.http.JsonBody;
import dev.raccoon.value.InvalidValueException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The body of an administrator's request: what it means to say is never passed over. */
final class AdminBody {
  private AdminBody() {}

  /**
   * The JSON object that {@code exchange} brings, of {@code fields} alone.
   *
   * @throws InvalidValueException when it has another one: a misspelt end would be no end
   */
  static ObjectNode of(Exchange exchange, String... fields) {
    ObjectNode body = JsonBody.object(exchange.body());
    if (!List.of(fields).containsAll(body.propertyNames())) {
      throw new InvalidValueException(
          "The body has a field that means nothing here. There are: "
              + String.join(", ", fields)
              + ".");
    }
    return body;
  }
}
