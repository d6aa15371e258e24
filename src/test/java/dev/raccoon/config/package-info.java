/** Every setting's default, and what an operator is told about a wrong one. */
@NullMarked
package dev.raccoon.config;

import org.jspecify.annotations.NullMarked;
