/**
 * Two nodes, a database and an object store that are killed, paused, cut off and filled up under
 * load. Read {@link dev.raccoon.crash.CrashRounds} first.
 */
@NullMarked
package dev.raccoon.crash;

import org.jspecify.annotations.NullMarked;
