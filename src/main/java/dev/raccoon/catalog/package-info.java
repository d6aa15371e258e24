/**
 * Packages, versions, requests, builds and artifacts: the records and their SQL. Read {@link
 * dev.raccoon.catalog.RequestStore}, then {@link dev.raccoon.catalog.BuildStore} and {@link
 * dev.raccoon.catalog.SearchStore}.
 */
@NullMarked
package dev.raccoon.catalog;

import org.jspecify.annotations.NullMarked;
