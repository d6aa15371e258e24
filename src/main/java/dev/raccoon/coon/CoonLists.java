package dev.raccoon.coon;

import dev.raccoon.catalog.BuildSummary;
import dev.raccoon.catalog.Page;
import dev.raccoon.catalog.SearchStore;
import dev.raccoon.http.Answer;
import dev.raccoon.http.Envelope;
import dev.raccoon.http.Exchange;
import dev.raccoon.value.BuildId;
import dev.raccoon.value.InvalidValueException;
import dev.raccoon.value.OtpSelector;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that list builds and versions. The envelope's response is a bare list; paging is in
 * the headers {@code Link} and {@code X-Total-Count} and in the parameters {@code limit} and {@code
 * after}.
 */
final class CoonLists {
  private static final int USUAL_ROWS = 100;
  private static final int USUAL_LAST = 10;
  private static final int MAX_SEARCH_LENGTH = 200;

  private final SearchStore search;

  CoonLists(SearchStore search) {
    this.search = search;
  }

  /** {@code GET /search}. */
  Answer search(Exchange exchange) {
    SearchStore.Criteria criteria =
        new SearchStore.Criteria(
            term(exchange, "name"),
            term(exchange, "namespace"),
            term(exchange, "version"),
            term(exchange, "erl_version").map(OtpSelector::parse),
            exchange.caller().readable());
    Page.Request page = page(exchange);
    return list(exchange, page, search.search(criteria, page), CoonRows::search);
  }

  /** {@code GET /last_builds}. */
  Answer lastBuilds(Exchange exchange) {
    int n = exchange.number("n", USUAL_LAST, 1, Page.Request.MAX_LIMIT);
    return Envelope.good(
        search.last(n, exchange.caller().readable()).stream().map(CoonRows::search).toList());
  }

  /** {@code POST /builds}. */
  Answer builds(Exchange exchange) {
    Page.Request page = page(exchange);
    return list(exchange, page, search.available(asked(exchange), page), CoonRows::available);
  }

  /** {@code POST /versions}. */
  Answer versions(Exchange exchange) {
    int limit = exchange.number("limit", Page.Request.MAX_LIMIT, 1, Page.Request.MAX_LIMIT);
    return Envelope.good(
        search.versions(asked(exchange), limit).stream().map(CoonRows::version).toList());
  }

  static SearchStore.Available asked(Exchange exchange) {
    return asked(exchange, CoonBody.of(exchange));
  }

  static SearchStore.Available asked(Exchange exchange, CoonBody body) {
    return new SearchStore.Available(body.fullName(), body.wanted(), exchange.caller().readable());
  }

  private static Optional<String> term(Exchange exchange, String name) {
    Optional<String> term = exchange.parameter(name).map(String::strip).filter(s -> !s.isEmpty());
    if (term.isPresent() && term.get().length() > MAX_SEARCH_LENGTH) {
      throw new InvalidValueException(
          name + " is longer than " + MAX_SEARCH_LENGTH + " characters.");
    }
    return term;
  }

  private static Page.Request page(Exchange exchange) {
    return new Page.Request(
        exchange.number("limit", USUAL_ROWS, 1, Page.Request.MAX_LIMIT),
        exchange.parameter("after").map(BuildId::parse));
  }

  private static Answer list(
      Exchange exchange,
      Page.Request asked,
      Page<BuildSummary> page,
      Function<BuildSummary, Map<String, @Nullable Object>> row) {
    List<Map<String, @Nullable Object>> rows = page.rows().stream().map(row).toList();
    Answer answer = Envelope.good(rows).with("X-Total-Count", Long.toString(page.total()));
    boolean more = rows.size() == asked.limit();
    return more ? answer.with("Link", next(exchange, page.rows().getLast().id())) : answer;
  }

  /** The same request from behind the last row, as RFC 8288 writes it. */
  private static String next(Exchange exchange, BuildId last) {
    Map<String, String> query = new LinkedHashMap<>(exchange.query());
    query.put("after", last.toString());
    return query.entrySet().stream()
        .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&", "<" + exchange.path() + "?", ">; rel=\"next\""));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
