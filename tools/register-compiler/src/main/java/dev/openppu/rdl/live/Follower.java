package dev.openppu.rdl.live;

/** Something that follows other registers or signals. */
interface Follower {

    /** One of the things it follows may have changed. */
    void sourceChanged();
}
