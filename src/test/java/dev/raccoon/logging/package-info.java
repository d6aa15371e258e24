/** Tests of the log's lines. */
@NullMarked
package dev.raccoon.logging;

import org.jspecify.annotations.NullMarked;
