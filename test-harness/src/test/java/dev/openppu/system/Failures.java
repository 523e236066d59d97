package dev.openppu.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.PpuException;

/** Asks for a failure by its published number. */
final class Failures {
    private Failures() {}

    static void refused(int number, Runnable call) {
        Throwable thrown = catchThrowable(call::run);
        assertThat(thrown).as("expected " + HgResult.of(number).orElseThrow()).isInstanceOf(PpuException.class);
        assertThat(((PpuException) thrown).hgresult().number()).as(thrown.getMessage()).isEqualTo(number);
    }
}
