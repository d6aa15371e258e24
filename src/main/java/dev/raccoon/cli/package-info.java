/**
 * The operator's commands, at the server's machine and without a token. Read {@link
 * dev.raccoon.cli.CommandLineTool} first.
 */
@NullMarked
package dev.raccoon.cli;

import org.jspecify.annotations.NullMarked;
