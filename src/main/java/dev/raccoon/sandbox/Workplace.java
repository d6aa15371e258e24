package dev.raccoon.sandbox;

import java.nio.file.Path;

/**
 * What a workspace is made of.
 *
 * @param folder for the workspace's own files, private to this server; it exists
 * @param tree the work tree that its commands begin with
 * @param mountPoint where they see it, and start: the same for every build of a repository
 */
public record Workplace(Path folder, Path tree, Path mountPoint) {}
