package dev.openppu.driver.owner;

import dev.openppu.abi.reg.BootError;
import dev.openppu.abi.reg.BootState;

/** How a boot ended. */
public sealed interface BootOutcome {
    /** The firmware runs. */
    record Running(int major, int minor, int patch) implements BootOutcome {}

    /** The ROM refused the image and is ready for another one. */
    record Refused(BootError error) implements BootOutcome {}

    /** The ROM is not ready for an image: a reset leads on. */
    record NotReady(BootState state) implements BootOutcome {}

    /** The firmware stopped by itself. */
    record Crashed() implements BootOutcome {}

    /** A state lasted too long. */
    record TimedOut(BootState state) implements BootOutcome {}
}
