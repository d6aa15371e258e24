/**
 * The server's figures, for Prometheus and for collectd. Read {@link
 * dev.raccoon.metrics.BuildMetrics} first.
 */
@NullMarked
package dev.raccoon.metrics;

import org.jspecify.annotations.NullMarked;
