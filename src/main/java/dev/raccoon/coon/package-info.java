/** The Coon protocol's endpoints and bodies. Read {@link dev.raccoon.coon.CoonRoutes} first. */
@NullMarked
package dev.raccoon.coon;

import org.jspecify.annotations.NullMarked;
