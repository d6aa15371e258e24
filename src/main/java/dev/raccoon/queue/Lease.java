package dev.raccoon.queue;

import dev.raccoon.value.BuildId;
import java.util.UUID;

/**
 * A node's right to a build: every write of that build names the token, and finds no row once
 * another node has taken the build over.
 */
public record Lease(BuildId build, UUID token) {}
