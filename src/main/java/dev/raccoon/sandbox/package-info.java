/**
 * Running a stranger's command so that it can reach nothing but its own work tree. Read {@link
 * dev.raccoon.sandbox.Sandbox} first.
 */
@NullMarked
package dev.raccoon.sandbox;

import org.jspecify.annotations.NullMarked;
