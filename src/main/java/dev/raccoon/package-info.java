/** x. */
@NullMarked
package dev.raccoon;

import org.jspecify.annotations.NullMarked;
