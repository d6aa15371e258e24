/**
 * From a claimed build to its outcome: source, toolchain, compile, package, complete. Read {@link
 * dev.raccoon.build.BuildRunner} first; {@link dev.raccoon.build.BuildRequests} is the way in.
 */
@NullMarked
package dev.raccoon.build;

import org.jspecify.annotations.NullMarked;
