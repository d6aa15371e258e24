/**
 * Who asks, and what they may: tokens, private namespaces, and the record of administrative acts.
 * Read {@link dev.raccoon.access.Caller} first, then {@link dev.raccoon.access.Authentication}. It
 * knows nothing of HTTP.
 */
@NullMarked
package dev.raccoon.access;

import org.jspecify.annotations.NullMarked;
