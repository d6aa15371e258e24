package dev.raccoon.http;

import dev.raccoon.value.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads bodies that are one JSON object, strictly. */
public final class JsonBody {
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(20)
                          .maxNameLength(200)
                          .maxStringLength(100_000)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonBody() {}

  /**
   * The object that {@code body} is.
   *
   * @throws InvalidValueException when it is none, with the place of the mistake
   */
  public static ObjectNode object(byte[] body) {
    if (body.length == 0) {
      throw new InvalidValueException("The body is empty: send a JSON object.");
    }
    try {
      if (JSON.readTree(utf8(body)) instanceof ObjectNode object) {
        return object;
      }
    } catch (CharacterCodingException e) {
      throw new InvalidValueException("The body is not UTF-8, which JSON must be.");
    } catch (JacksonException e) {
      throw new InvalidValueException("The body is not JSON" + place(e) + ".");
    }
    throw new InvalidValueException("The body must be a JSON object.");
  }

  /** An object without fields. */
  public static ObjectNode empty() {
    return JSON.createObjectNode();
  }

  /**
   * Any JSON.
   *
   * @throws JacksonException when it is none
   */
  public static JsonNode read(String text) {
    return JSON.readTree(text);
  }

  /** RFC 8259 section 8.1: UTF-8 and nothing else; a byte order mark may be ignored. */
  private static String utf8(byte[] body) throws CharacterCodingException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static String place(JacksonException e) {
    return e.getLocation() == null || e.getLocation().getLineNr() < 1
        ? ""
        : ": look at line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr();
  }
}
