/** The way out with real servers at its other side and real clients inside. */
@NullMarked
package dev.raccoon.egress;

import org.jspecify.annotations.NullMarked;
