package dev.raccoon.source;

import dev.raccoon.value.CloneUrl;

/**
 * Another repository within a work tree (gitmodules(5)).
 *
 * @param path where it lies, relative to the whole tree's root, with slashes; each of its segments
 *     is a plain name
 * @param url where it is fetched from
 * @param commit the very one that the repository around it records
 */
public record Submodule(String path, CloneUrl url, String commit) {}
