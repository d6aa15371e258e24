package dev.raccoon.access;

import java.time.Instant;

/**
 * One administrative act.
 *
 * @param id grows from act to act
 * @param act what was done, such as {@code token.create}
 * @param subject to what: {@code token 7}, {@code acme}, {@code acme/demo}
 * @param detail may be empty
 */
public record AuditEntry(
    long id, Instant when, Actor actor, String act, String subject, String detail) {}
