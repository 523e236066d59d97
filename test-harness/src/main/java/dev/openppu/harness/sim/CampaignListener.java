package dev.openppu.harness.sim;

/** Hears how a campaign goes on; called by one thread at a time. */
@FunctionalInterface
public interface CampaignListener {
    /** A life has ended. Lives end in any order. */
    void ended(LifeResult life);
}
