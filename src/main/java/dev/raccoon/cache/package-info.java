/**
 * What was fetched from outside and is kept for whoever fetches it next: copies that may be lost at
 * any time. Builds have no way to write it. Read {@link dev.raccoon.cache.FileCache} first.
 */
@NullMarked
package dev.raccoon.cache;

import org.jspecify.annotations.NullMarked;
