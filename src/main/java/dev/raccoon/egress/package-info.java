/**
 * The one way out: a proxy that every connection of a build, and of a fetch, goes through. It
 * checks where to, limits how much and how long, and records each request. Read {@link
 * dev.raccoon.egress.EgressProxy} first, then {@link dev.raccoon.egress.EgressRules}.
 */
@NullMarked
package dev.raccoon.egress;

import org.jspecify.annotations.NullMarked;
