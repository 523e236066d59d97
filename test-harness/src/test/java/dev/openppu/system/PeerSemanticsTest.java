package dev.openppu.system;

import static dev.openppu.system.Failures.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.driver.Compare;
import dev.openppu.driver.Context;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Event;
import dev.openppu.driver.Kernel;
import dev.openppu.driver.Launch;
import dev.openppu.driver.PinnedBuffer;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.Stream;
import dev.openppu.driver.tix.TixException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Facts §9.1, Peer; copies between contexts and between devices of one process. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SAME_THREAD)
@SuppressWarnings({"FutureReturnValueIgnored", "ArgumentSelectionDefectChecker"}) // streams are waited for; copies go there and back
class PeerSemanticsTest {
    private static final int BYTES = 3_000_001;

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void bytesGoFromDeviceToDevice(String uri) {
        try (Ppu one = Devices.open(uri + "&serial=1");
                Ppu two = Devices.open(uri + "&serial=2");
                Context a = one.createContext();
                Context b = two.createContext();
                Stream stream = b.createStream();
                DeviceBuffer source = a.allocate(BYTES);
                DeviceBuffer destination = b.allocate(BYTES)) {
            byte[] data = new byte[BYTES];
            for (int i = 0; i < BYTES; i++) {
                data[i] = (byte) (i * 31 + (i >> 10));
            }
            a.copyToDevice(source, 0, MemorySegment.ofArray(data));
            a.synchronize();
            stream.copyPeer(destination, 0, source, 0, BYTES).join();
            byte[] back = new byte[BYTES];
            stream.copyToHost(MemorySegment.ofArray(back), destination, 0);
            assertThat(back).isEqualTo(data);
            b.fill8(destination, 0, (byte) 9, 100);
            Context.copyPeer(source, 50, destination, 0, 50); // ordered behind the fill, and before what follows
            a.copyToHost(MemorySegment.ofArray(back), source, 0);
            System.arraycopy(new byte[]{9, 9, 9, 9, 9, 9, 9, 9, 9, 9}, 0, data, 50, 10);
            assertThat(back[59]).isEqualTo((byte) 9);
            assertThat(back[100]).isEqualTo(data[100]);
            refused(1, () -> stream.copyPeer(destination, 1, source, 0, BYTES));
            refused(1, () -> stream.copyPeer(destination, 0, source, -1, 1));
            stream.copyPeer(destination, BYTES, source, BYTES, 0).join();
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void bytesGoFromContextToContextInStreamOrder(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context a = ppu.createContext();
                Context b = ppu.createContext();
                Stream stream = a.createStream();
                DeviceBuffer source = a.allocate(4096);
                DeviceBuffer destination = b.allocate(4096);
                PinnedBuffer gate = a.allocatePinned(64)) {
            stream.waitValue32(gate, 0, Compare.EQUAL, 1);
            stream.fill8(source, 0, (byte) 7, 4096);
            CompletableFuture<Void> copied = stream.copyPeer(destination, 0, source, 0, 4096);
            stream.fill8(source, 0, (byte) 8, 4096); // comes after the copy
            assertThat(copied).isNotDone();
            gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
            stream.synchronize();
            copied.join();
            byte[] back = new byte[4096];
            b.copyToHost(MemorySegment.ofArray(back), destination, 0);
            assertThat(back).containsOnly(7);
            b.fill8(destination, 0, (byte) 5, 4096);
            Context.copyPeer(source, 0, destination, 0, 4096);
            a.copyToHost(MemorySegment.ofArray(back), source, 0);
            assertThat(back).containsOnly(5);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void copiesTakeMemoryOfAnyContextAndOtherWorkDoesNot(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context a = ppu.createContext();
                Context b = ppu.createContext();
                Stream stream = a.createStream();
                DeviceBuffer mine = a.allocate(4096);
                DeviceBuffer foreign = b.allocate(4096)) {
            byte[] data = new byte[4096];
            java.util.Arrays.fill(data, (byte) 6);
            byte[] back = new byte[4096];
            stream.copyToDevice(foreign, 0, MemorySegment.ofArray(data));
            stream.copy(mine, 0, foreign.slice(1, 4000), 0, 4000);
            stream.fill8(mine, 4000, (byte) 6, 96);
            stream.copyToHost(MemorySegment.ofArray(back), mine, 0);
            assertThat(back).containsOnly(6);
            stream.fill8(mine, 0, (byte) 7, 4096);
            stream.copy(foreign, 0, mine, 0, 4096);
            stream.copyToHost(MemorySegment.ofArray(back), foreign, 0);
            assertThat(back).containsOnly(7);
            refused(1, () -> stream.fill8(foreign, 0, (byte) 1, 1));
            refused(1, () -> stream.waitValue32(foreign, 0, Compare.EQUAL, 0));
            refused(1, () -> stream.copy(foreign, 1, mine, 0, 4096));
            refused(1, () -> stream.copyToHost(MemorySegment.ofArray(back), foreign, 1));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void accessIsUnsupportedAndSaysSo(String uri) {
        try (Ppu one = Devices.open(uri + "&serial=1");
                Ppu two = Devices.open(uri + "&serial=2");
                Context a = one.createContext();
                Context b = two
                        .createContext()) {
            assertThat(one.canAccessPeer(two)).isFalse();
            assertThat(one.canAccessPeer(one)).isFalse();
            refused(217, () -> a.enablePeerAccess(b, 0));
            refused(1, () -> a.enablePeerAccess(b, 1));
            refused(705, () -> a.disablePeerAccess(b));
            refused(201, () -> a.enablePeerAccess(a, 0));
            b.close();
            refused(709, () -> a.enablePeerAccess(b, 0));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.openppu.system.Devices#links")
    void aLostSourceFailsTheCopyAndNotTheDestination(String uri) {
        try (Ppu ppu = Devices.open(uri);
                Context a = ppu.createContext();
                Context b = ppu.createContext();
                Stream stream = b.createStream();
                DeviceBuffer destination = b
                        .allocate(4096)) {
            Stream culprit = a.createStream();
            DeviceBuffer source = a.allocate(4096);
            DeviceBuffer gone = a.allocate(4096);
            PinnedBuffer gate = b.allocatePinned(64);
            stream.waitValue32(gate, 0, Compare.EQUAL, 1);
            CompletableFuture<Void> copied = stream.copyPeer(destination, 0, source, 0, 4096);
            PinnedBuffer hold = a.allocatePinned(64);
            culprit.waitValue32(hold, 0, Compare.EQUAL, 1);
            culprit.fill8(gone, 0, (byte) 1, 4096);
            gone.close(); // the drain time-out passes
            hold.segment().set(ValueLayout.JAVA_INT, 0, 1);
            refused(700, culprit::synchronize);
            gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
            assertThatThrownBy(copied::join).hasCauseInstanceOf(PpuException.class);
            stream.fill8(destination, 0, (byte) 3, 4096);
            stream.synchronize();
            assertThat(b.lost()).isFalse();
        }
    }

    @Test
    void eventsOfOneDeviceHoldStreamsOfAnother() throws TixException {
        try (Ppu one = Devices.open(Devices.FREE + "&serial=1");
                Ppu two = Devices.open(Devices.FREE + "&serial=2");
                Context a = one.createContext();
                Context b = two.createContext();
                Stream first = a.createStream();
                Stream second = b.createStream();
                PinnedBuffer gate = a.allocatePinned(64);
                var event = a.createEvent();
                var foreign = b.createEvent()) {
            refused(400, () -> second.record(event));
            first.waitValue32(gate, 0, Compare.EQUAL, 1);
            first.record(event);
            second.waitFor(event);
            second.record(foreign);
            assertThat(second.query().number()).isEqualTo(600);
            gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
            second.synchronize();
            assertThat(event.query().number()).isZero();
            Kernel foreignKernel = b.loadModule("k", ".target ppu_10;\n.entry k()\n{\n ppu.exit;\n}\n").kernel("k");
            refused(400, () -> first.launch(foreignKernel, Launch.linear(1, 1)));
            second.launch(foreignKernel, Launch.linear(1, 1));
            second.synchronize();
        }
    }

    /** The time of the one would stand still while anybody waits for the other. */
    @Test
    void aStreamDoesNotWaitForAnEventByAnotherSimulatedClock() {
        try (Ppu one = Devices.open(Devices.simulated(1) + "&serial=1");
                Ppu two = Devices.open(Devices.simulated(1) + "&serial=2");
                Context near = one.createContext();
                Context far = two.createContext();
                PinnedBuffer gate = far.allocatePinned(64);
                Stream stream = near.createStream();
                Stream other = far.createStream()) {
            Event event = far.createEvent();
            other.waitValue32(gate, 0, Compare.EQUAL, 1);
            other.record(event);
            refused(801, () -> stream.waitFor(event));
            gate.segment().set(ValueLayout.JAVA_INT, 0, 1);
            event.synchronize();
            stream.waitFor(event);
            stream.synchronize();
        }
    }
}
