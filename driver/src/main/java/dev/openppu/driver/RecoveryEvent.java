package dev.openppu.driver;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Something was done about a device that did not go on, or on request.
 *
 * @param epoch in which it happened
 * @param level the last rung that was tried
 * @param recovered whether the device, or the part of it, works again
 * @param what what was found and done
 * @param culprit number of the context that caused it, if one did
 * @param collateral numbers of the contexts that lost work without having caused it
 * @param dump the dump that was written before, if there is one
 * @param nanos the link's clock
 */
public record RecoveryEvent(int epoch, ResetLevel level, boolean recovered, String what, OptionalInt culprit, List<Integer> collateral,
        Optional<Path> dump, long nanos) {
    public RecoveryEvent {
        collateral = List.copyOf(collateral);
    }
}
