/**
 * Packages, versions, requests, builds and artifacts: the records and their SQL. Read {@link
 * dev.raccoon.catalog.RequestStore}, which queues builds, then {@link
 * dev.raccoon.catalog.ResolutionStore} and {@link dev.raccoon.catalog.LeasedBuildStore}, which say
 * what they come to and how they end, and {@link dev.raccoon.catalog.SearchStore}, which finds them
 * again.
 */
@NullMarked
package dev.raccoon.catalog;

import org.jspecify.annotations.NullMarked;
