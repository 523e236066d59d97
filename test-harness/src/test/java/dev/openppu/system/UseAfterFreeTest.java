package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextFault;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.LossRole;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.PooledBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.Stream;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An address that no longer is, or never was, the context's: a fault with its address, never a value, and nobody else's trouble. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
class UseAfterFreeTest {
    private static void faultsAt(long address, Context context, Stream stream) {
        refused(700, stream::synchronize);
        ContextLostException loss = (ContextLostException) context.failure().orElseThrow();
        assertThat(loss.role()).isEqualTo(LossRole.CULPRIT);
        assertThat(loss.fault().map(ContextFault::address)).hasValue(address);
        assertThat(loss.fault().orElseThrow().context()).isEqualTo(context.id());
    }

    /** Translations that the device used a moment ago must not serve once more. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void freedDeviceMemoryFaultsThoughItsTranslationWasJustUsed(String uri) {
        for (long bytes : new long[]{64, 64 << 10, 2 << 20, 48 << 20}) {
            try (Ppu ppu = Devices.open(uri);
                    Context context = ppu.createContext();
                    Stream stream = context.createStream();
                    DeviceBuffer kept = context.allocate(64)) {
                MemoryKernels kernels = new MemoryKernels(context);
                DeviceBuffer buffer = context.allocate(bytes);
                long last = buffer.address() + bytes - 4;
                kernels.store(stream, last, 1);
                kernels.load(stream, last, kept);
                stream.synchronize();
                buffer.close();
                kernels.load(stream, last, kept);
                faultsAt(last, context, stream);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void freedPinnedMemoryFaults(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Stream stream = context.createStream()) {
            MemoryKernels kernels = new MemoryKernels(context);
            PinnedBuffer pinned = context.allocatePinned(4096);
            long address = pinned.address();
            kernels.store(stream, address, 1);
            stream.synchronize();
            pinned.close();
            kernels.store(stream, address, 2);
            faultsAt(address, context, stream);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void memoryThatAPoolGaveBackFaults(String uri) {
        try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Stream stream = context.createStream()) {
            MemoryKernels kernels = new MemoryKernels(context);
            PooledBuffer buffer = stream.allocateAsync(1 << 20);
            long address = buffer.address();
            kernels.store(stream, address, 1);
            stream.freeAsync(buffer);
            stream.synchronize(); // the threshold is 0: it is the device's again
            kernels.store(stream, address, 2);
            faultsAt(address, context, stream);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void nullAndTheFirstByteBehindMemoryFault(String uri) {
        try (Ppu ppu = Devices.open(uri)) {
            for (boolean behind : new boolean[]{false, true}) {
                try (Context context = ppu.createContext();
                        Stream stream = context.createStream();
                        DeviceBuffer pages = context.allocate(2 << 20)) {
                    long address = behind ? pages.address() + pages.size() : 0;
                    new MemoryKernels(context).store(stream, address, 1);
                    faultsAt(address, context, stream);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void anAddressMeansNothingInAnotherContext(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context owner = ppu.createContext();
                Context thief = ppu.createContext();
                Stream stream = thief.createStream();
                Stream owners = owner.createStream();
                PinnedBuffer out = owner.allocatePinned(4)) {
            MemoryKernels kernels = new MemoryKernels(thief);
            DeviceBuffer secret = owner.allocate(1 << 20);
            for (int i = 0; i < 64; i++) { // far from whatever the other context has
                secret = owner.allocate(1 << 20);
            }
            owners.fill32(secret, 0, 0x5EC2E7, 256);
            owners.synchronize();
            kernels.store(stream, secret.address(), 1);
            refused(700, stream::synchronize);
            owners.copy(out, 0, secret, 0, 4);
            owners.synchronize();
            assertThat(out.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(0x5EC2E7);
        }
    }

    /** Contexts fault one after the other while another works without a break: each fault is its own context's, and no byte of the other's is wrong. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aWorkingContextNeverNoticesTheFaultsOfOthers(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context worker = ppu.createContext();
                Stream stream = worker.createStream();
                DeviceBuffer buffer = worker.allocate(64 << 10);
                PinnedBuffer out = worker.allocatePinned(8)) {
            AtomicBoolean faulted = new AtomicBoolean();
            Devices.sideBySide(ppu.link(), List.of(() -> {
                MemoryKernels kernels = new MemoryKernels(worker);
                int round = 0;
                while (!faulted.get() || round < 20) {
                    round++;
                    stream.fill32(buffer, 0, round, buffer.size() / 4);
                    kernels.store(stream, buffer.address() + buffer.size() - 4, -round);
                    stream.copy(out, 0, buffer, 0, 4);
                    stream.copy(out, 4, buffer, buffer.size() - 4, 4);
                    stream.synchronize();
                    assertThat(out.segment().get(ValueLayout.JAVA_INT, 0)).isEqualTo(round);
                    assertThat(out.segment().get(ValueLayout.JAVA_INT, 4)).isEqualTo(-round);
                }
            }, () -> {
                try {
                    for (int i = 0; i < 10; i++) {
                        try (Context context = ppu.createContext();
                                Stream bad = context.createStream();
                                DeviceBuffer own = context.allocate(64)) {
                            bad.fill8(own, 0, (byte) 1, 64);
                            long address = 0x7000_0000_0000L + 4096L * i;
                            new MemoryKernels(context).store(bad, address, 1);
                            bad.fill8(own, 0, (byte) 2, 64);
                            faultsAt(address, context, bad);
                        }
                    }
                } finally {
                    faulted.set(true);
                }
            }));
            assertThat(worker.failure()).isEmpty();
            assertThat(stream.query()).isEqualTo(HgResult.SUCCESS);
        }
    }

    /** Work behind a fault did not run, and a wait of another context for it goes on all the same. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void nothingBehindAFaultRunsAndNobodyWaitsForItForEver(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context context = ppu.createContext();
                Context other = ppu.createContext();
                Stream bad = context.createStream();
                Stream good = other.createStream();
                PinnedBuffer never = context.allocatePinned(4);
                Event event = context.createEvent()) {
            new MemoryKernels(context).store(bad, 0x10, 1);
            bad.writeValue32(never, 0, 1);
            AtomicBoolean ran = new AtomicBoolean();
            CompletableFuture<Void> function = null;
            try {
                function = bad.launchHostFunction(() -> ran.set(true));
                bad.record(event);
                good.waitFor(event);
            } catch (ContextLostException e) {
                assertThat(e.hgresult().number()).isEqualTo(700); // was quicker
            }
            good.synchronize();
            refused(700, bad::synchronize);
            assertThat(ran).isFalse();
            if (function != null) { // a thread of the link's tells it, when it has seen the loss
                assertThatThrownBy(function::join).hasRootCauseInstanceOf(ContextLostException.class);
            }
        }
    }

    /** Each of its pages was used a moment ago, and none of them serves once more. */
    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void everyPageOfFreedMemoryFaults(String uri) {
        int pages = 8;
        for (int page = 0; page < pages; page++) {
            try (Ppu ppu = Devices.open(uri); Context context = ppu.createContext(); Stream stream = context.createStream()) {
                MemoryKernels kernels = new MemoryKernels(context);
                DeviceBuffer buffer = context.allocate(pages * 4096L);
                for (int i = 0; i < pages; i++) {
                    kernels.store(stream, buffer.address() + i * 4096L, i);
                }
                stream.synchronize();
                buffer.close();
                kernels.store(stream, buffer.address() + page * 4096L, 7);
                faultsAt(buffer.address() + page * 4096L, context, stream);
            }
        }
    }
}
