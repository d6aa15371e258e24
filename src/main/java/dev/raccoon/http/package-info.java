/**
 * The HTTP server: routing, plain blocking handlers on virtual threads, errors made into answers.
 * Read {@link dev.raccoon.http.WebServer} first. No domain logic.
 */
@NullMarked
package dev.raccoon.http;

import org.jspecify.annotations.NullMarked;
