/** Tests of the artifact store and of package files, on real files, links and pipes. */
@NullMarked
package dev.raccoon.artifact;

import org.jspecify.annotations.NullMarked;
