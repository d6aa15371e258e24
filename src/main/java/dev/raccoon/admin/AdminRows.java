package dev.raccoon.admin;

import dev.raccoon.access.AuditEntry;
import dev.raccoon.access.NamespaceStore;
import dev.raccoon.access.Token;
import dev.raccoon.otp.NodeOtp;
import dev.raccoon.otp.OtpInstall;
import dev.raccoon.value.Limit;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.PackageName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Records as JSON has them, in answers and on the command line. */
public final class AdminRows {
  private AdminRows() {}

  /** A token. */
  public static Map<String, @Nullable Object> token(Token token) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("id", token.id());
    row.put("name", token.terms().name());
    row.put("scope", token.terms().scope().key());
    row.put("namespaces", namespaces(token.terms().namespaces()));
    row.put("created_date", date(token.createdAt()));
    row.put("until", date(token.terms().until()));
    row.put("last_used_date", date(token.lastUsedAt()));
    row.put("withdrawn_date", date(token.withdrawnAt()));
    return row;
  }

  /** Their names in order, or the word {@code all}. */
  private static Object namespaces(Namespaces namespaces) {
    return namespaces.all() ? "all" : List.copyOf(new TreeSet<>(namespaces.names()));
  }

  /** A namespace. */
  public static Map<String, @Nullable Object> namespace(NamespaceStore.Row namespace) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("namespace", namespace.name());
    row.put("private", namespace.isPrivate());
    row.put("packages", namespace.packages());
    return row;
  }

  /** A package's own limits, by their keys, in their units. */
  public static Map<String, @Nullable Object> limits(PackageName name, Map<Limit, Long> limits) {
    Map<String, Long> amounts = new TreeMap<>();
    limits.forEach((limit, amount) -> amounts.put(limit.key(), amount));
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("full_name", name.toString());
    row.put("limits", amounts);
    return row;
  }

  /** An entry of the audit log. */
  public static Map<String, @Nullable Object> audit(AuditEntry entry) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("id", entry.id());
    row.put("date", date(entry.when()));
    row.put("actor", entry.actor().name());
    row.put("act", entry.act());
    row.put("subject", entry.subject());
    row.put("detail", entry.detail());
    row.put("address", entry.actor().address().orElse(null));
    return row;
  }

  /** An Erlang/OTP of a node. */
  public static Map<String, @Nullable Object> otp(NodeOtp otp) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("version", otp.version().text());
    row.put("rebar3", otp.rebar3().orElse(null));
    row.put("elixir", otp.elixir().orElse(null));
    row.put("root", otp.root());
    row.put("node", otp.node().toString());
    return row;
  }

  /** An Erlang/OTP that a node was asked for. */
  public static Map<String, @Nullable Object> install(OtpInstall install) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("id", install.id());
    row.put("version", install.version().text());
    row.put("state", install.state().name());
    row.put("reason", install.reason());
    row.put("asked_date", date(install.askedAt()));
    row.put("ended_date", date(install.endedAt()));
    row.put("node", install.node().toString());
    return row;
  }

  private static @Nullable String date(Optional<Instant> time) {
    return time.map(AdminRows::date).orElse(null);
  }

  static String date(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
