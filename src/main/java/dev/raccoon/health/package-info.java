/**
 * Whether the server can do its work, part by part. Read {@link dev.raccoon.health.HealthCheck}
 * first.
 */
@NullMarked
package dev.raccoon.health;

import org.jspecify.annotations.NullMarked;
