/**
 * Tests of the records on a real PostgreSQL; {@link dev.raccoon.catalog.Scenario} has the ways to
 * bring builds into each state.
 */
@NullMarked
package dev.raccoon.catalog;

import org.jspecify.annotations.NullMarked;
