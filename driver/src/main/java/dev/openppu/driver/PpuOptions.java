package dev.openppu.driver;

import dev.openppu.abi.reg.ImageSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How to open a device. Time-outs are for a device of silicon's speed; the link stretches them for slower ones.
 *
 * @param firmware image bytes; empty takes the one that ships with the driver
 * @param firmwareSource how the image reaches the boot ROM
 * @param reset whether to reset the function first
 * @param bootTimeout longest that the boot ROM may take for one state
 * @param messageTimeout longest that the firmware may take to answer
 * @param drainTimeout longest that closing a stream or freeing memory waits for work in flight
 * @param watchdogCycles longest that a block of a kernel may run, in cycles of its unit; 0 is no limit, empty leaves the device's default
 * @param maxConnections hardware queues that the streams of one context and priority share, 1 to 32; the default is that of the environment variable
 *     {@code HGGC_DEVICE_MAX_CONNECTIONS}, or 8 (facts §9.2)
 * @param heartbeatWatch whether a firmware whose heartbeat stops is taken for dead
 * @param listener hears the bring-up
 * @param hangLimit longest that a queue with work may stand still before it is called hung; empty switches the watch off
 * @param autoReset whether a device that is lost is reset without being asked ({@code docs/recovery.md})
 * @param dumpDirectory where a dump goes on a hang or an unexplained loss; empty writes none
 */
public record PpuOptions(Optional<byte[]> firmware, ImageSource firmwareSource, ResetPolicy reset, Duration bootTimeout,
        Duration messageTimeout,
        Duration drainTimeout, OptionalLong watchdogCycles, int maxConnections, boolean heartbeatWatch, BringUpListener listener,
        Optional<Duration> hangLimit, boolean autoReset, Optional<Path> dumpDirectory) {

    /** The shipped firmware through the BAR2 window, a reset only if needed, nobody listening. */
    public static PpuOptions defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; see the record's components. */
    public static final class Builder {
        private Optional<byte[]> firmware = Optional.empty();
        private ImageSource firmwareSource = ImageSource.DEVICE_MEMORY;
        private ResetPolicy reset = ResetPolicy.IF_NEEDED;
        private Duration bootTimeout = Duration.ofSeconds(10);
        private Duration messageTimeout = Duration.ofSeconds(2);
        private Duration drainTimeout = Duration.ofSeconds(10);
        private OptionalLong watchdogCycles = OptionalLong.empty();
        private int maxConnections = MaxConnections.fromEnvironment();
        private boolean heartbeatWatch = true;
        private BringUpListener listener = BringUpListener.SILENT;
        private Optional<Duration> hangLimit = Optional.of(Duration.ofSeconds(5));
        private boolean autoReset;
        private Optional<Path> dumpDirectory = Optional.of(Path.of(System.getProperty("java.io.tmpdir", ".")));

        private Builder() {}

        public Builder firmware(byte[] image) {
            firmware = Optional.of(image.clone());
            return this;
        }

        public Builder firmwareSource(ImageSource source) {
            firmwareSource = source;
            return this;
        }

        public Builder reset(ResetPolicy policy) {
            reset = policy;
            return this;
        }

        public Builder bootTimeout(Duration timeout) {
            bootTimeout = positive(timeout);
            return this;
        }

        public Builder messageTimeout(Duration timeout) {
            messageTimeout = positive(timeout);
            return this;
        }

        public Builder drainTimeout(Duration timeout) {
            drainTimeout = positive(timeout);
            return this;
        }

        public Builder watchdogCycles(long cycles) {
            if (cycles < 0) {
                throw new IllegalArgumentException("watchdog of " + cycles + " cycles: 0 for no limit, or more");
            }
            watchdogCycles = OptionalLong.of(cycles);
            return this;
        }

        /** 1 to 32. */
        public Builder maxConnections(int connections) {
            maxConnections = MaxConnections.checked(connections);
            return this;
        }

        public Builder heartbeatWatch(boolean watch) {
            heartbeatWatch = watch;
            return this;
        }

        public Builder listener(BringUpListener newListener) {
            listener = Objects.requireNonNull(newListener);
            return this;
        }

        public Builder hangLimit(Duration limit) {
            hangLimit = Optional.of(positive(limit));
            return this;
        }

        /** Nothing is ever called hung. */
        public Builder noHangWatch() {
            hangLimit = Optional.empty();
            return this;
        }

        public Builder autoReset(boolean reset) {
            autoReset = reset;
            return this;
        }

        public Builder dumpDirectory(Path directory) {
            dumpDirectory = Optional.of(directory);
            return this;
        }

        /** No dump is written. */
        public Builder noDumps() {
            dumpDirectory = Optional.empty();
            return this;
        }

        public PpuOptions build() {
            return new PpuOptions(firmware, firmwareSource, reset, bootTimeout, messageTimeout, drainTimeout, watchdogCycles,
                    maxConnections,
                    heartbeatWatch, listener, hangLimit, autoReset, dumpDirectory);
        }

        private static Duration positive(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("time-out of " + timeout + " is not positive");
            }
            return timeout;
        }
    }
}
