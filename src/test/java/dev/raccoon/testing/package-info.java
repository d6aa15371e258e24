/**
 * Real input for the tests: git repositories made of the projects in {@code src/test/fixtures}, and
 * real libraries and another Erlang/OTP out of Debian's packages. Read {@link
 * dev.raccoon.testing.FixtureRepositories} first.
 */
@NullMarked
package dev.raccoon.testing;

import org.jspecify.annotations.NullMarked;
