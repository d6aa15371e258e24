package dev.raccoon.http;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * The form of every JSON answer: {@code {"result": true|false, "response": …}}. With {@code result}
 * false the response is a sentence that tells a person what to mend: clients put it into their
 * messages.
 */
public final class Envelope {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TYPE = "application/json; charset=utf-8";

  private Envelope() {}

  /** A good answer. */
  public static Answer.Bytes good(Object response) {
    return of(200, true, response);
  }

  /** A refusal, or whatever else the client must hear in words. */
  public static Answer.Bytes bad(int status, String sentence) {
    return of(status, false, sentence);
  }

  /** An answer with {@code status}. */
  public static Answer.Bytes of(int status, boolean result, Object response) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("result", result);
    body.put("response", response);
    return json(status, body);
  }

  /** JSON without the envelope, for programs that expect another form. */
  public static Answer.Bytes json(int status, Object body) {
    // A line of its own for whoever reads it in a terminal.
    byte[] line = (JSON.writeValueAsString(body) + "\n").getBytes(StandardCharsets.UTF_8);
    return new Answer.Bytes(status, TYPE, line, Map.of());
  }
}
