/**
 * What a build leaves behind: the bytes of artifacts, named by their SHA-256, and the package files
 * that clients load. Read {@link dev.raccoon.artifact.ArtifactStore} first for where bytes are
 * kept, then {@link dev.raccoon.artifact.Packer} for how a built work tree, whose every name, link
 * and size may be hostile, becomes a reproducible tar.
 */
@NullMarked
package dev.raccoon.artifact;

import org.jspecify.annotations.NullMarked;
