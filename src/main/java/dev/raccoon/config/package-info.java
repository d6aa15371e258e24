/**
 * The operator's settings, one record per capability. Read {@link dev.raccoon.config.Settings}
 * first. Only this package looks at the environment.
 */
@NullMarked
package dev.raccoon.config;

import org.jspecify.annotations.NullMarked;
