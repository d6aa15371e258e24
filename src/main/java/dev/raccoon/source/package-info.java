/**
 * Git: what a remote repository has, one fetch per request, a work tree per build. Read {@link
 * dev.raccoon.source.SourceFetcher} first.
 */
@NullMarked
package dev.raccoon.source;

import org.jspecify.annotations.NullMarked;
