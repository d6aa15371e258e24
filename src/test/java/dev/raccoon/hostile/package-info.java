/**
 * Packages that attack whoever builds them, on a real server. Read {@link
 * dev.raccoon.hostile.HostilePackagesTest} first; the attacks are in {@code
 * src/test/fixtures/hostile}.
 */
@NullMarked
package dev.raccoon.hostile;

import org.jspecify.annotations.NullMarked;
