package dev.openppu.harness.bringup;

import dev.openppu.abi.error.FaultMapping;
import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.Context;
import dev.openppu.driver.ContextLostException;
import dev.openppu.driver.DeviceBuffer;
import dev.openppu.driver.Launch;
import dev.openppu.driver.Launch.Extent;
import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.driver.PpuModule;
import dev.openppu.driver.Stream;
import dev.openppu.driver.XidEvent;
import dev.openppu.harness.Case;
import dev.openppu.harness.Check;
import dev.openppu.harness.CheckFailedException;
import dev.openppu.harness.Rule;
import dev.openppu.harness.Stage;
import dev.openppu.harness.bench.Bench;
import java.time.Duration;
import java.util.List;

/** Stage 9: kernels that go wrong. The error is typed, the context is lost, everything else goes on. */
final class FaultCases {
    private static final Launch ONE = Launch.of(Extent.of(1), Extent.of(1));
    private static final long WATCHDOG_CYCLES = 20_000;
    private static final long DEFAULT_WATCHDOG_CYCLES = 1_000_000_000L;
    /** Nothing is mapped there. */
    private static final long NOWHERE = 0x5a5a_0000_0000L;
    private static final int CONTEXTS = 20;

    private FaultCases() {}

    static Stage stage() {
        return new Stage("faults", "Kernels that go wrong", List.of(
                fault("unmapped-store", "Store to an unmapped page", FaultMapping.KERNEL_PAGE_NOT_VALID, run("poke", NOWHERE, 1), NOWHERE),
                fault("unmapped-load", "Load from an unmapped page", FaultMapping.KERNEL_PAGE_NOT_VALID,
                        (stream, module, buffer) -> stream.launch(module.kernel("peek"), ONE, NOWHERE, buffer), NOWHERE),
                fault("not-canonical", "Address that is not canonical", FaultMapping.KERNEL_INVALID_VA, run("poke", 1L << 47, 1), 1L << 47),
                fault("misaligned", "Misaligned store", FaultMapping.KERNEL_MISALIGNED_GLOBAL,
                        (stream, module, buffer) -> stream.launch(module.kernel("poke"), ONE, buffer.address() + 2, 1), -1),
                fault("division-by-zero", "Division by zero", FaultMapping.KERNEL_DIVISION_BY_ZERO,
                        (stream, module, buffer) -> stream.launch(module.kernel("divide"), ONE, buffer, 7, 0), -1),
                fault("code-is-read-only", "Store into code", FaultMapping.KERNEL_NO_WRITE_RIGHT,
                        (stream, module, buffer) -> stream.launch(module.kernel("poke"), ONE,
                                module.kernel("poke").descriptorAddress() & -4096L, 1),
                        -1),
                Case.of("faults.watchdog", "A kernel that never ends", rule(FaultMapping.KERNEL_WATCHDOG), FaultCases::watchdog),
                Case.of("faults.others-go-on", "Other contexts go on",
                        Rule.guide(7, "The context is lost, nothing else: other contexts and the device go on"),
                        FaultCases::othersGoOn),
                Case.of("faults.many", "Faults one after the other", Rule.guide(7, "A lost context gives everything back"),
                        FaultCases::many)));
    }

    private static Rule rule(FaultMapping mapping) {
        return Rule.guide(7, "If " + mapping.cause() + ": " + mapping.xid() + mapping.exception().map(e -> ", " + e).orElse("")
                + mapping.result().map(r -> ", " + r).orElse(""));
    }

    private static Case fault(String id, String title, FaultMapping mapping, Wrong wrong, long address) {
        return Case.of("faults." + id, title, rule(mapping), bench -> {
            Ppu ppu = Presence.computing(bench);
            try (Context context = ppu.createContext(); Stream stream = context.createStream()) {
                expectFault(ppu, context, stream, mapping, wrong, address);
            }
            works(ppu);
        });
    }

    private static Wrong run(String kernel, Object... arguments) {
        return (stream, module, buffer) -> stream.launch(module.kernel(kernel), ONE, arguments);
    }

    private static void expectFault(Ppu ppu, Context context, Stream stream, FaultMapping mapping, Wrong wrong, long address) {
        int before = ppu.xids().size();
        PpuModule module = Kernels.load(context);
        DeviceBuffer buffer = context.allocate(4096);
        PpuException failure = failure(() -> {
            wrong.launch(stream, module, buffer);
            stream.synchronize();
        });
        Check.that(failure instanceof ContextLostException, "ContextLostException", failure.toString());
        Check.equal("HGresult", mapping.result().map(HgResult::toString).orElse("none"), failure.hgresult().toString());
        Check.equal("XID", mapping.xid().toString(), failure.failure().xid().map(Object::toString).orElse("none"));
        Check.equal("device exception", mapping.exception(), failure.failure().exception());
        XidEvent event = ppu
                .awaitXid(e -> e.number() == mapping.xid().number() && e.context().orElse(-1) == context.id(), Duration.ofSeconds(1))
                .orElseThrow(() -> new CheckFailedException("an XID event of context " + context.id(),
                        ppu.xids().subList(before, ppu.xids().size()).toString()));
        if (address != -1) {
            Check.hex("address in the XID event", address, event.address());
        }
        Check.that(context.lost(), "the context is lost", "it is not");
        PpuException again = failure(stream::synchronize);
        Check.equal("HGresult of the next call", failure.hgresult(), again.hgresult());
    }

    private static void watchdog(Bench bench) {
        Ppu ppu = Presence.computing(bench);
        ppu.setWatchdogCycles(WATCHDOG_CYCLES);
        try (Context context = ppu.createContext(); Stream stream = context.createStream()) {
            expectFault(ppu, context, stream, FaultMapping.KERNEL_WATCHDOG, run("forever"), -1);
        } finally {
            ppu.setWatchdogCycles(DEFAULT_WATCHDOG_CYCLES);
        }
        works(ppu);
    }

    private static void othersGoOn(Bench bench) {
        Ppu ppu = Presence.computing(bench);
        try (Context bystander = ppu.createContext(); Stream calm = bystander.createStream(); Context victim = ppu.createContext()) {
            PpuModule module = Kernels.load(bystander);
            int size = 20_000;
            DeviceBuffer out = Kernels.upload(bystander, new int[size]);
            calm.launch(module.kernel("collatz"), Launch.linear(size, 128), out, size);
            try (Stream stream = victim.createStream()) {
                PpuModule wrong = Kernels.load(victim);
                failure(() -> {
                    stream.launch(wrong.kernel("poke"), ONE, NOWHERE, 1);
                    stream.synchronize();
                });
            }
            calm.synchronize();
            int[] steps = Kernels.download(bystander, out, size);
            Check.equal("collatz(6171), computed beside the fault", 261, steps[6170]);
            Check.that(!bystander.lost(), "the other context is not lost", "it is");
        }
    }

    private static void many(Bench bench) {
        Ppu ppu = Presence.computing(bench);
        var before = ppu.inventory();
        for (int i = 0; i < CONTEXTS; i++) {
            try (Context context = ppu.createContext(); Stream stream = context.createStream()) {
                PpuModule module = Kernels.load(context);
                failure(() -> {
                    stream.launch(module.kernel("poke"), ONE, NOWHERE, 1);
                    stream.synchronize();
                });
            }
        }
        Check.equal("what the driver holds after " + CONTEXTS + " lost contexts", before, ppu.inventory());
        works(ppu);
    }

    /** A new context computes. */
    private static void works(Ppu ppu) {
        try (Context context = ppu.createContext(); Stream stream = context.createStream()) {
            DeviceBuffer out = Kernels.upload(context, new int[64]);
            stream.launch(Kernels.load(context).kernel("collatz"), Launch.linear(64, 32), out, 64);
            stream.synchronize();
            Check.equal("collatz(27) in a new context", 111, Kernels.download(context, out, 64)[26]);
        }
    }

    private static PpuException failure(Runnable call) {
        try {
            call.run();
        } catch (PpuException e) {
            return e;
        }
        throw new CheckFailedException("a PpuException", "no error");
    }

    private interface Wrong {
        void launch(Stream stream, PpuModule module, DeviceBuffer buffer);
    }
}
