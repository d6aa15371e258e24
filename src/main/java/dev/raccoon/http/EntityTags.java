package dev.raccoon.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lists of entity tags, RFC 9110 section 13.1.2. */
final class EntityTags {
  private EntityTags() {}

  /** Whether {@code list} (a header, possibly absent) names {@code etag}, or anything at all. */
  static boolean match(@Nullable String list, String etag) {
    return list != null
        && Arrays.stream(list.split(",", 100))
            .map(String::strip)
            .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
  }
}
