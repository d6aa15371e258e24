package dev.raccoon.catalog;

import dev.raccoon.value.BuildId;
import dev.raccoon.value.CloneUrl;
import dev.raccoon.value.Namespaces;
import dev.raccoon.value.OtpVersion;
import dev.raccoon.value.PackageName;
import dev.raccoon.value.Ref;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;

/**
 * Builds as their records have them; {@link LeasedBuildStore} and {@link ResolutionStore} write
 * them.
 */
public final class BuildStore {
  private final Jdbi jdbi;

  /** Builds in the database of {@code jdbi}. */
  public BuildStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /** The build with that id, if there is one; for the server itself, from which nothing hides. */
  public Optional<Build> find(BuildId id) {
    return find(id, Namespaces.ALL);
  }

  /** The build with that id, if there is one, and its package is public or in {@code readable}. */
  public Optional<Build> find(BuildId id, Namespaces readable) {
    Visibility visibility = new Visibility(readable);
    return jdbi.withHandle(handle ->
        visibility
            .bind(
                handle.createQuery(BuildRow.SELECT + " where b.id = :id " + visibility.shown("p")))
            .bind("id", id.uuid())
            .map((row, context) -> BuildRow.read(row))
            .findOne());
  }

  /**
   * The builds that answer a request, those that its placeholders split into included, oldest
   * first. None where their package is private and not in {@code readable}.
   */
  public List<Build> answering(UUID request, Namespaces readable) {
    Visibility visibility = new Visibility(readable);
    return jdbi.withHandle(handle ->
        visibility
            .bind(
                handle.createQuery(
                    BuildRow.SELECT
                        + """
                         where b.id in (select build_id from request_build where request_id = :request)
                           %s order by b.id
                        """
                            .formatted(visibility.shown("p"))))
            .bind("request", request)
            .map((row, context) -> BuildRow.read(row))
            .list());
  }

  /**
   * What a build made; of a build that turned out to be built already, what that one made. Main
   * ones first. Nothing where its package is private and not in {@code readable}.
   */
  public List<Artifact> artifacts(BuildId id, Namespaces readable) {
    Visibility visibility = new Visibility(readable);
    return jdbi.withHandle(handle ->
        visibility
            .bind(
                handle.createQuery(
                    """
                    select a.* from build b join package p on p.id = b.package_id
                      join artifact a on a.build_id = coalesce(b.same_as, b.id)
                    where b.id = :id %s order by a.main desc, a.application, a.format
                    """
                        .formatted(visibility.shown("p"))))
            .bind("id", id.uuid())
            .map((row, context) -> ArtifactRow.read(row))
            .list());
  }

  /** The newest good build of exactly this, and the commit that it was built from. */
  public Optional<Built> newestGood(PackageName name, Ref ref, OtpVersion otp) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                """
                select b.id, v.commit from package p join version v on v.package_id = p.id
                  join build b on b.version_id = v.id
                where lower(p.namespace) = lower(:namespace) and lower(p.name) = lower(:name) and v.ref = :ref
                  and b.otp_version = :otp and b.state = 'SUCCEEDED' and b.same_as is null
                  and b.removed_at is null
                order by b.finished_at desc, b.id desc limit 1
                """)
            .bind("namespace", name.namespace())
            .bind("name", name.name())
            .bind("ref", ref.name())
            .bind("otp", otp.text())
            .map((row, context) ->
                new Built(new BuildId(row.getObject("id", UUID.class)), row.getString("commit")))
            .findOne());
  }

  /** A good build with its commit. */
  public record Built(BuildId build, String commit) {}

  /**
   * The private namespaces with a package whose source {@code url} is, in lower case. Neither the
   * case nor a closing {@code .git} makes it another one.
   */
  public Set<String> privateSources(CloneUrl url) {
    return new HashSet<>(
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    """
                    select distinct lower(namespace) from package
                    where private
                      and regexp_replace(lower(clone_url), '([.]git)+$', '')
                        = regexp_replace(lower(:url), '([.]git)+$', '')
                    """)
                .bind("url", url.toString())
                .mapTo(String.class)
                .list()));
  }

  /** The refs that a request's builds ask for, or have come to: what one fetch of it must bring. */
  public Set<Optional<Ref>> askedRefs(UUID request) {
    return new HashSet<>(
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    "select distinct coalesce(asked_ref, ref) as ref from build where request_id = :request")
                .bind("request", request)
                .map((row, context) -> BuildRow.text(row, "ref").map(Ref::new))
                .list()));
  }

  /** The refs of a package whose commits are being built now. */
  public Set<Ref> running(PackageName name) {
    return new HashSet<>(
        jdbi.withHandle(handle ->
            handle
                .createQuery(
                    """
                    select distinct b.ref from package p join build b on b.package_id = p.id
                    where lower(p.namespace) = lower(:namespace) and lower(p.name) = lower(:name)
                      and b.state = 'RUNNING' and b.version_id is not null
                    """)
                .bind("namespace", name.namespace())
                .bind("name", name.name())
                .map((row, context) -> new Ref(row.getString("ref")))
                .list()));
  }

  /** Whether a build of {@code request} still waits or runs. */
  public boolean hasLive(UUID request) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "select exists (select 1 from build where request_id = :request and state in ('QUEUED', 'RUNNING'))")
            .bind("request", request)
            .mapTo(Boolean.class)
            .one());
  }
}
