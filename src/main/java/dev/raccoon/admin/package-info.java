/**
 * The administrator's endpoints below {@code /api}: tokens, namespaces, packages' limits, the audit
 * log. Read {@link dev.raccoon.admin.AdminRoutes} first.
 */
@NullMarked
package dev.raccoon.admin;

import org.jspecify.annotations.NullMarked;
