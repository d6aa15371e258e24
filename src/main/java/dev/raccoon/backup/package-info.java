/**
 * All that a server keeps, in one file, and back. Read {@link dev.raccoon.backup.Backup} and {@link
 * dev.raccoon.backup.Restore} first; {@link dev.raccoon.backup.BackupFile} says what the file
 * holds.
 */
@NullMarked
package dev.raccoon.backup;

import org.jspecify.annotations.NullMarked;
