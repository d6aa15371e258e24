package dev.raccoon.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.raccoon.fuzz.FuzzTarget;
import dev.raccoon.fuzz.Property;
import java.net.URLEncoder;
import java.util.List;

/** A request's query, or a form: its octets as they came. */
public final class QueryStringFuzz implements FuzzTarget {
  @Override
  public List<String> seeds() {
    return List.of(
        "full_name=acme%2Fdemo&ref=1.0.0",
        "a=b+c&a=%C3%A9&&=x&y", "q=%00", "q=%C0%80", "%f0%9f%a6%9d");
  }

  @Override
  public void check(byte[] input) {
    Property.parsed(QueryString::pairs, new String(input, ISO_8859_1))
        .ifPresent(QueryStringFuzz::accepted);
  }

  private static void accepted(List<QueryString.Pair> pairs) {
    Property.holds(pairs.size() <= 100, "too many");
    for (QueryString.Pair pair : pairs) {
      Property.holds(
          (pair.name() + pair.value()).codePoints().noneMatch(QueryStringFuzz::isControl),
          "a control character");
    }
    Property.same(QueryString.pairs(encoded(pairs)), pairs);
    Property.holds(
        QueryString.first(encoded(pairs)).size() <= pairs.size(), "more names than pairs");
  }

  private static boolean isControl(int c) {
    return Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t';
  }

  private static String encoded(List<QueryString.Pair> pairs) {
    return pairs.stream()
        .map(pair ->
            URLEncoder.encode(pair.name(), UTF_8) + "=" + URLEncoder.encode(pair.value(), UTF_8))
        .collect(joining("&"));
  }
}
