/**
 * The {@code build} table as a queue: claims with leases, heartbeats, recovery. Read {@link
 * dev.raccoon.queue.Worker} first.
 */
@NullMarked
package dev.raccoon.queue;

import org.jspecify.annotations.NullMarked;
