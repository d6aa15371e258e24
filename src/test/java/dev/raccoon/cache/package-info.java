/** Copies of what was fetched, in real folders. */
@NullMarked
package dev.raccoon.cache;

import org.jspecify.annotations.NullMarked;
