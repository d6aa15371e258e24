package dev.raccoon.catalog;

import static java.util.stream.Collectors.joining;

import dev.raccoon.catalog.SearchStore.Criteria;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@link SearchStore#search} asks the database: its statements, and their values. */
final class SearchSql {
  static final String COLUMNS =
      "b.id, p.namespace, p.name, b.state, b.message, b.finished_at, b.ref, b.otp_major, b.otp_version ";
  static final String LISTED = "b.finished_at is not null and b.same_as is null ";
  static final String NEWEST_FIRST = " order by b.finished_at desc, b.id desc limit :limit";

  private static final String BUILDS =
      "select " + COLUMNS + "from build b join package p on p.id = b.package_id where " + LISTED;
  private static final String AFTER_IN_EXACT =
      """
      and (b.finished_at, b.id) <
          (select case when exact then finished_at else '-infinity' end, id from previous)
      """;
  private static final String AFTER_IN_OTHERS =
      """
      and (b.finished_at, b.id) <
          (select case when exact then 'infinity' else finished_at end, id from previous)
      """;

  private SearchSql() {}

  /** A page's rows; {@code afterRow}: not the first page. */
  static String page(Criteria criteria, boolean afterRow) {
    Visibility visibility = new Visibility(criteria.readable());
    String conditions = conditions(criteria, "b.") + visibility.shown("p");
    if (criteria.name().isEmpty()) {
      return BUILDS + conditions + (afterRow ? after(visibility) : "") + NEWEST_FIRST;
    }
    String exact = "and lower(p.name) = :exact " + conditions;
    String others = "and lower(p.name) like :part and lower(p.name) <> :exact " + conditions;
    return afterRow
        ? previous(visibility) + bothLists(exact + AFTER_IN_EXACT, others + AFTER_IN_OTHERS)
        : bothLists(exact, others);
  }

  /** A condition: behind the row with the id {@code :after}, if that may be shown. */
  static String after(Visibility visibility) {
    return """
    and (b.finished_at, b.id) < (
      select a.finished_at, a.id from build a join package q on q.id = a.package_id
      where a.id = :after %s)
    """
        .formatted(visibility.shown("q"));
  }

  /** The last row of the page before, and in which of the two lists it is. */
  private static String previous(Visibility visibility) {
    return """
    with previous as (
      select lower(p.name) = :exact as exact, b.finished_at, b.id
      from build b join package p on p.id = b.package_id where b.id = :after %s)
    """
        .formatted(visibility.shown("p"));
  }

  /** One after the other, each by itself, since each comes in its order from an index. */
  private static String bothLists(String exact, String others) {
    return """
    select * from (
      (select 0 as list, exact.* from (%s) exact)
      union all
      (select 1 as list, others.* from (%s) others)) both_lists
    order by list, finished_at desc, id desc limit :limit
    """
        .formatted(BUILDS + exact + NEWEST_FIRST, BUILDS + others + NEWEST_FIRST);
  }

  /**
   * The list's length: counted already by package, and by package and OTP; where a ref is named, by
   * its builds. Where the packages themselves are not looked at, what is hidden is taken off again:
   * that costs as much as there is of it, and nothing where nothing is private.
   */
  static String total(Criteria criteria) {
    Visibility visibility = new Visibility(criteria.readable());
    boolean packages = criteria.name().isPresent() || criteria.namespace().isPresent();
    boolean counted = criteria.version().isEmpty();
    String named = criteria.name().isPresent() ? "and lower(p.name) like :part " : "";
    String conditions = conditions(criteria, counted ? "e." : "b.");
    if (counted && criteria.otp().isEmpty()) {
      return "select coalesce(sum(p.ended_builds), 0) from package p where true "
          + visibility.shown("p")
          + named
          + conditions;
    }
    String count = counted ? "select coalesce(sum(e.builds), 0) " : "select count(*) ";
    String from = counted ? "ended_builds e " : "build b ";
    String where = (counted ? "where true " : "where " + LISTED) + conditions;
    String ofPackages = from + "on p.id = " + (counted ? "e" : "b") + ".package_id ";
    if (packages) {
      return count + "from package p join " + ofPackages + where + named + visibility.shown("p");
    }
    return visibility.hidesAny()
        ? "select (%s) - (%s)"
            .formatted(
                count + "from " + from + where,
                count + "from package p join " + ofPackages + where + visibility.hidden("p"))
        : count + "from " + from + where;
  }

  private static String conditions(Criteria criteria, String from) {
    return Stream.of(
            criteria.namespace().map(ignored -> "and lower(p.namespace) = :namespace "),
            criteria.version().map(ignored -> "and b.ref = :version "),
            criteria
                .otp()
                .map(otp ->
                    "and "
                        + from
                        + (otp.isMajor() ? "otp_major = :major " : "otp_version = :otp ")))
        .flatMap(Optional::stream)
        .collect(joining());
  }

  /** The values of both statements but for the page's. */
  static Map<String, Object> values(Criteria criteria) {
    Map<String, Object> values = new HashMap<>();
    criteria.name().ifPresent(part -> values.put("part", "%" + escaped(lower(part)) + "%"));
    criteria.namespace().ifPresent(whole -> values.put("namespace", lower(whole)));
    criteria.version().ifPresent(ref -> values.put("version", ref));
    criteria
        .otp()
        .ifPresent(otp ->
            values.put(
                otp.isMajor() ? "major" : "otp",
                otp.isMajor() ? (Object) otp.asked().major() : otp.asked().text()));
    return values;
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** A text that {@code like} takes at its word. */
  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }
}
