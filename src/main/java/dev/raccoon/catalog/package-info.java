/**
 * Packages, versions, requests, builds and artifacts: the records and their SQL. Read {@link
 * dev.raccoon.catalog.RequestStore}, which queues builds, then {@link
 * dev.raccoon.catalog.LeasedBuildStore}, under which they run and end, and {@link
 * dev.raccoon.catalog.SearchStore}, which finds them again.
 */
@NullMarked
package dev.raccoon.catalog;

import org.jspecify.annotations.NullMarked;
