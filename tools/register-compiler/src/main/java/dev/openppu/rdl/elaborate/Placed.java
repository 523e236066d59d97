package dev.openppu.rdl.elaborate;

import dev.openppu.rdl.model.Node;

/**
 * A node of the model with the instance that it was built from.
 *
 * @param node     the node
 * @param instance where it was instantiated
 */
record Placed<N extends Node>(N node, Instance instance) {}
