/**
 * What old builds keep, by the operator's rules. Read {@link dev.raccoon.retention.Retention}
 * first: it removes records' claims on bytes, then the bytes; {@link
 * dev.raccoon.retention.RetentionStore} knows which builds are never touched, and {@link
 * dev.raccoon.retention.LastDownloads} when packages were fetched last.
 */
@NullMarked
package dev.raccoon.retention;

import org.jspecify.annotations.NullMarked;
