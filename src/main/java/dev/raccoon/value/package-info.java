/**
 * What comes from outside, parsed once at the edge into records that cannot hold a bad value. Read
 * {@link dev.raccoon.value.Ref} first; the others follow its pattern: {@code parse} takes the raw
 * text and throws {@link dev.raccoon.value.InvalidValueException} with a sentence for the person
 * who sent it.
 */
@NullMarked
package dev.raccoon.value;

import org.jspecify.annotations.NullMarked;
