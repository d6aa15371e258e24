/**
 * Build tools: which one a work tree is laid out for, by which commands it is prepared and
 * compiled, and what its last words mean when it fails. Nothing is run here but programs of the
 * operator's, on trial. Read {@link dev.raccoon.tool.BuildTools} first.
 */
@NullMarked
package dev.raccoon.tool;

import org.jspecify.annotations.NullMarked;
