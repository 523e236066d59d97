package dev.openppu.driver.owner.planted;

import dev.openppu.driver.client.planted.ReachesIntoTheOwner;

/** Planted: an owner that holds an object of a client's. */
public final class ReachesIntoAClient {
    public Class<?> client() {
        return ReachesIntoTheOwner.class;
    }
}
