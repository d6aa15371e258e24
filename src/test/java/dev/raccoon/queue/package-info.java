/** Tests of the queue on a real PostgreSQL, with real threads. */
@NullMarked
package dev.raccoon.queue;

import org.jspecify.annotations.NullMarked;
