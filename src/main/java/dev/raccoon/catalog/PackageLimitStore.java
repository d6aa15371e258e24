package dev.raccoon.catalog;

import dev.raccoon.access.Actor;
import dev.raccoon.access.AuditStore;
import dev.raccoon.value.Limit;
import dev.raccoon.value.PackageName;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * The limits that an administrator gave one package instead of the server's own. A package need not
 * be known yet.
 */
public final class PackageLimitStore {
  private static final String KEY = "namespace = lower(:namespace) and name = lower(:name)";

  private final Jdbi jdbi;

  /** Limits in the database of {@code jdbi}. */
  public PackageLimitStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /**
   * What a build of {@code name} has instead of the server's limits, in each limit's unit: for
   * {@link dev.raccoon.value.BuildLimits#with}. Empty for nearly all.
   */
  public Map<Limit, Long> of(PackageName name) {
    return jdbi.withHandle(handle -> {
      Map<Limit, Long> limits = new EnumMap<>(Limit.class);
      handle
          .createQuery("select kind, amount from package_limit where " + KEY)
          .bind("namespace", name.namespace())
          .bind("name", name.name())
          .map((row, context) -> Map.entry(row.getString("kind"), row.getLong("amount")))
          .forEach(
              row -> Limit.of(row.getKey()).ifPresent(limit -> limits.put(limit, row.getValue())));
      return limits;
    });
  }

  /** Sets those that {@code amounts} names; others stay as they are. */
  public void set(PackageName name, Map<Limit, Long> amounts, Actor actor) {
    if (amounts.isEmpty()) {
      return;
    }
    jdbi.useTransaction(handle -> {
      amounts.forEach((limit, amount) -> set(handle, name, limit, amount));
      audit(handle, actor, "limits.set", name, keys(amounts));
    });
  }

  private static void set(Handle handle, PackageName name, Limit limit, long amount) {
    handle
        .createUpdate(
            """
            insert into package_limit (namespace, name, kind, amount)
            values (lower(:namespace), lower(:name), :kind, :amount)
            on conflict (namespace, name, kind) do update set amount = excluded.amount
            """)
        .bind("namespace", name.namespace())
        .bind("name", name.name())
        .bind("kind", limit.key())
        .bind("amount", amount)
        .execute();
  }

  /** Takes {@code limits} of the package back, so that the server's own hold again. */
  public void remove(PackageName name, Set<Limit> limits, Actor actor) {
    jdbi.useTransaction(handle -> {
      Map<Limit, Long> removed = new EnumMap<>(Limit.class);
      for (Limit limit : limits) {
        handle
            .createQuery(
                "delete from package_limit where " + KEY + " and kind = :kind returning amount")
            .bind("namespace", name.namespace())
            .bind("name", name.name())
            .bind("kind", limit.key())
            .mapTo(Long.class)
            .findOne()
            .ifPresent(amount -> removed.put(limit, amount));
      }
      if (!removed.isEmpty()) {
        audit(handle, actor, "limits.remove", name, keys(removed));
      }
    });
  }

  private static void audit(
      Handle handle, Actor actor, String act, PackageName name, Map<String, Long> amounts) {
    AuditStore.write(handle, actor, act, name.toString(), amounts.toString());
  }

  private static Map<String, Long> keys(Map<Limit, Long> amounts) {
    Map<String, Long> keys = new TreeMap<>();
    amounts.forEach((limit, amount) -> keys.put(limit.key(), amount));
    return keys;
  }
}
