/** What is refused at the edge, in what words, and that the rest does no harm anywhere. */
@NullMarked
package dev.raccoon.value;

import org.jspecify.annotations.NullMarked;
