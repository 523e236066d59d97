package dev.openppu.driver.planted;

/** Planted: the driver has a thread that the link does not know. */
public final class StartsAThread {
    public Thread poller(Runnable body) {
        return Thread.ofVirtual().start(body);
    }
}
