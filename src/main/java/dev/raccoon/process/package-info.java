/** Waiting for a program of the machine's: its output, its time, its end. One class. */
@NullMarked
package dev.raccoon.process;

import org.jspecify.annotations.NullMarked;
