package dev.openppu.cli.sim;

import java.util.List;

/** Hears how a self-test goes. */
interface SelfTestListener {
    void begins(Hunt hunt);

    void ended(SelfTest.Trial trial);

    /** All of them, at the end. */
    void all(List<SelfTest.Trial> trials);
}
