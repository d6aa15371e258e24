package dev.raccoon.catalog;

import dev.raccoon.value.Limit;
import dev.raccoon.value.Peaks;
import java.util.Optional;

/**
 * What a build has used.
 *
 * @param limit the one that it has run into
 */
public record BuildUse(Peaks peaks, Optional<Limit> limit) {}
