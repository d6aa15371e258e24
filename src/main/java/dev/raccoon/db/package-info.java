/**
 * The database: a PostgreSQL of our own where no other is named, its migrations, its connections
 * and its notifications. Read {@link dev.raccoon.db.Database} first, then {@link
 * dev.raccoon.db.EmbeddedPostgres}, which tells how the embedded one is unpacked ({@link
 * dev.raccoon.db.PostgresPrograms}), initialised ({@link dev.raccoon.db.PostgresCluster}) and run
 * ({@link dev.raccoon.db.PostgresProcess}).
 */
@NullMarked
package dev.raccoon.db;

import org.jspecify.annotations.NullMarked;
