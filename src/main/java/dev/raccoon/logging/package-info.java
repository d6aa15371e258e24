/**
 * How lines of the log are written, so that nothing from outside can forge one. {@code logback.xml}
 * names the classes. Read {@link dev.raccoon.logging.VisibleText} first.
 */
@NullMarked
package dev.raccoon.logging;

import org.jspecify.annotations.NullMarked;
