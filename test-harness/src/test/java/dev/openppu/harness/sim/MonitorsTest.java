package dev.openppu.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openppu.driver.Ppu;
import dev.openppu.driver.PpuException;
import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkRuntime;
import dev.openppu.hal.Links;
import dev.openppu.hal.dma.DmaSpace;
import dev.openppu.hal.irq.Interrupts;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.mmio.MmioTrap;
import dev.openppu.hal.mmio.SizedAccess;
import dev.openppu.hal.mmio.TrappedMmio;
import dev.openppu.hal.pci.ConfigSpace;
import dev.openppu.harness.sim.check.Past;
import dev.openppu.harness.sim.check.Rules;
import dev.openppu.harness.sim.work.Journal;
import dev.openppu.harness.sim.work.Tenant;
import dev.openppu.harness.sim.work.Workload;
import dev.openppu.model.fault.RandomFaults;
import dev.openppu.model.link.ModelLink;
import dev.openppu.model.sim.Chance;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.MonitorInfo;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Nobody holds a monitor where the simulation may hand over to another thread: at an access, a wait, a look at the clock. Who wants the monitor meanwhile would have the baton, and wait for it in vain; lives show that only where two threads
 * meet there.
 */
class MonitorsTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Set<String> PASSING = Set.of("scaled", "timestamp", "simulated", "looks", "spin", "wake", "vectors", "delivered",
            "size", "pageSize", "ranges", "observe");

    private final Set<String> held = new TreeSet<>();

    @ParameterizedTest
    @CsvSource({"1, resets, mixed", "2, all, contexts", "3, engines, streams", "5, host, mixed", "6, all, peers", "7, engines, wrong",
        "8, dma, care"})
    void noMonitorIsHeldWhereAnotherThreadMayGoOn(long seed, String faults, String workload) {
        try (ModelLink link = (ModelLink) Links.open("model:zw810e?clock=sim&seed=" + seed)) {
            link.faults().arm(new RandomFaults(FaultProfile.find(faults).orElseThrow().draw(new Chance(seed)), new Chance(seed)));
            try (Ppu ppu = Ppu.open(watched(link), Patience.SIMULATED.options())) {
                List<Tenant> tenants = new ArrayList<>();
                boolean _ = new Shift(link, ppu, Past.NONE, Patience.SIMULATED, Rules.ALL, link.faults()::struck, tenants)
                        .work(Workload.find(workload).orElseThrow().draw(new Chance(seed)), new Journal(link));
                assertThat(tenants).allMatch(tenant -> tenant.done() > 0);
            }
        } catch (PpuException e) {
            // the device has not come up, or was lost at the end: who did what until then has been looked at
        }
        assertThat(held).isEmpty();
    }

    @Test
    void oneThatIsHeldIsSeen() {
        try (ModelLink link = (ModelLink) Links.open("model:zw810e?clock=sim&seed=1")) {
            LinkRuntime runtime = watched(link).runtime();
            runtime.nanos();
            assertThat(held).isEmpty();
            synchronized (link) {
                runtime.nanos();
            }
        }
        assertThat(held).singleElement().asString().contains("nanos", "MonitorsTest.oneThatIsHeldIsSeen", "ModelLink");
    }

    // ---- a link that looks at its callers

    private DeviceLink watched(DeviceLink link) {
        return (DeviceLink) Proxy.newProxyInstance(DeviceLink.class.getClassLoader(), new Class<?>[]{DeviceLink.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "bar" -> watched(link.bar((int) arguments[0]));
                    case "config" -> watched(ConfigSpace.class, link.config());
                    case "runtime" -> watched(LinkRuntime.class, link.runtime());
                    case "dma" -> watched(DmaSpace.class, link.dma());
                    case "interrupts" -> watched(Interrupts.class, link.interrupts());
                    case "reset" -> {
                        look("reset");
                        yield invoke(link, method, arguments);
                    }
                    default -> invoke(link, method, arguments);
                });
    }

    private <T> T watched(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (_, method, arguments) -> {
            if (!PASSING.contains(method.getName()) && method.getDeclaringClass() != Object.class) {
                look(method.getName());
            }
            return invoke(target, method, arguments);
        }));
    }

    private Mmio watched(Mmio mmio) {
        return new TrappedMmio(new MmioTrap() {
            @Override
            public long read(long offset, int bytes) {
                look("read");
                return SizedAccess.read(mmio, offset, bytes);
            }

            @Override
            public void write(long offset, int bytes, long value) {
                look("write");
                SizedAccess.write(mmio, offset, bytes, value);
            }

            @Override
            public void readBytes(long offset, MemorySegment destination) {
                look("readBytes");
                mmio.readBytes(offset, destination);
            }

            @Override
            public void writeBytes(long offset, MemorySegment source) {
                look("writeBytes");
                mmio.writeBytes(offset, source);
            }
        }, mmio.size());
    }

    private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Only one thread of a simulated world runs at a time. */
    private void look(String call) {
        for (MonitorInfo monitor : THREADS.getThreadInfo(new long[]{Thread.currentThread().threadId()}, true, false)[0]
                .getLockedMonitors()) {
            StackTraceElement frame = monitor.getLockedStackFrame();
            if (frame.getClassName().startsWith("dev.openppu.")) {
                held.add("%s() while %s.%s holds the monitor of a %s".formatted(call, frame.getClassName(), frame.getMethodName(),
                        monitor.getClassName()));
            }
        }
    }
}
