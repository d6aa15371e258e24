package dev.raccoon.access;

import dev.raccoon.value.Namespaces;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** Which namespaces are private. Nothing of such a one shows to who may not read it. */
public final class NamespaceStore {
  private static final String SET =
      """
      insert into namespace as n (name, private)
      select :name, cast(:private as boolean)
      where :private or exists (select 1 from namespace where name = :name)
      on conflict (name) do update set private = excluded.private, changed_at = now()
      where n.private <> excluded.private
      """;

  private static final String PAGE =
      """
      select name, bool_or(private) as private, sum(packages) as packages
      from (
        select name, private, 0 as packages from namespace
        union all
        select lower(namespace), false, count(*) from package group by lower(namespace)) known
      where name > :after and (:all or name = any (cast(:names as text[])))
      group by name order by name limit :limit
      """;

  private final Jdbi jdbi;

  /** Namespaces in the database of {@code jdbi}. */
  public NamespaceStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** A namespace that has packages, or that an administrator has said something of. */
  public record Row(String name, boolean isPrivate, long packages) {}

  /**
   * Makes {@code namespace}, in any case and known or not, private or public. One that is so
   * already stays as it is, and one of which nothing was ever said is public.
   */
  public void set(String namespace, boolean isPrivate, Actor actor) {
    String name = Namespaces.checked(namespace);
    jdbi.useTransaction(handle -> {
      int rows = handle.createUpdate(SET).bind("name", name).bind("private", isPrivate).execute();
      if (rows > 0) {
        AuditStore.write(
            handle, actor, isPrivate ? "namespace.private" : "namespace.public", name, "");
      }
    });
  }

  /** Whether {@code namespace}, in any case, is private. */
  public boolean isPrivate(String namespace) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "select exists (select 1 from namespace where name = lower(:name) and private)")
            .bind("name", namespace)
            .mapTo(Boolean.class)
            .one());
  }

  /** Those of {@code among} by name, from behind {@code after}, which may be empty. */
  public List<Row> page(String after, int limit, Namespaces among) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(PAGE)
            .bind("after", after)
            .bind("limit", limit)
            .bind("all", among.all())
            .bindArray("names", String.class, among.names().toArray())
            .map((row, context) ->
                new Row(row.getString("name"), row.getBoolean("private"), row.getLong("packages")))
            .list());
  }
}
