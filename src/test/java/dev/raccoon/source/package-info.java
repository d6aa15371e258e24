/** Fetching from real repositories with the real git, and whom it may be fetched from. */
@NullMarked
package dev.raccoon.source;

import org.jspecify.annotations.NullMarked;
