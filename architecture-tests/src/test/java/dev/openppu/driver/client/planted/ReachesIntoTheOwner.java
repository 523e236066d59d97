package dev.openppu.driver.client.planted;

import dev.openppu.driver.owner.planted.ReachesIntoAClient;

/** Planted: a client that holds an object of the owner's. */
public final class ReachesIntoTheOwner {
    public Class<?> owner() {
        return ReachesIntoAClient.class;
    }
}
