/**
 * Waiting for a program of the machine's: its output, its time, its end. Read {@link
 * dev.raccoon.process.Subprocess} first.
 */
@NullMarked
package dev.raccoon.process;

import org.jspecify.annotations.NullMarked;
