package dev.openppu.model.firmware;

/** A piece of firmware that runs when something made it ready, does what there is to do, and returns. */
interface Task {
    void run();
}
