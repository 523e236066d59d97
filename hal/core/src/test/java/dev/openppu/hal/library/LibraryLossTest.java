package dev.openppu.hal.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.hal.DeviceLink;
import dev.openppu.hal.LinkException;
import dev.openppu.hal.dma.DmaAccess;
import dev.openppu.hal.dma.DmaMapping;
import dev.openppu.hal.mmio.Mmio;
import dev.openppu.hal.pci.PciRegister.Command;
import dev.openppu.hal.pci.PciRegister.Header;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A library that says that its device is gone: the link says which call found that out, and behaves as one whose device was pulled out. */
@Timeout(30)
class LibraryLossTest {
    private static final String WHY = "ppu_device_bar_read: the device is gone; close it: the cable is out";
    private static final Set<String> STILL_THERE = Set.of("info", "close");

    /** A function with one BAR of 4 KiB, all of whose registers are 0x810. */
    private static final class Cable {
        private final MemorySegment config = Arena.ofAuto().allocate(256, 8);
        private volatile boolean out;

        Cable() {
            config.set(ValueLayout.JAVA_INT, Header.VENDOR_ID, 0x11e81234);
        }

        LibraryDevice device() {
            return (LibraryDevice) Proxy.newProxyInstance(LibraryDevice.class.getClassLoader(), new Class<?>[]{LibraryDevice.class},
                    (_, method, arguments) -> {
                        String name = method.getName();
                        if (out && !STILL_THERE.contains(name)) {
                            throw new LibraryException(name.equals("barRead") ? "ppu_device_bar_read" : name, LibraryResult.LOST,
                                    "the cable is out");
                        }
                        return switch (name) {
                            case "info" -> new LibraryInfo("a cable", true, false, 256, 0, 0, 0);
                            case "configRead" -> read((int) arguments[0], (int) arguments[1]);
                            case "configWrite" -> {
                                write((int) arguments[0], (int) arguments[1], (int) arguments[2]);
                                yield null;
                            }
                            case "barRead" -> 0x810L;
                            case "mapBar" -> Optional.empty();
                            case "dmaMap" -> true;
                            case "dmaRefused" -> OptionalLong.of(0);
                            default -> null;
                        };
                    });
        }

        private int read(int offset, int bytes) {
            return switch (bytes) {
                case 1 -> config.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
                case 2 -> config.get(ValueLayout.JAVA_SHORT, offset) & 0xffff;
                default -> config.get(ValueLayout.JAVA_INT, offset);
            };
        }

        private void write(int offset, int bytes, int value) {
            if (offset == Header.COMMAND) {
                config.set(ValueLayout.JAVA_SHORT, offset, (short) value);
            } else if (offset == Header.BAR0 && bytes == Integer.BYTES) {
                config.set(ValueLayout.JAVA_INT, offset, value & -4096);
            }
        }
    }

    private static DeviceLink open(Cable cable) {
        DeviceLink link = new LibraryLink("native:/cable.so", 1, _ -> cable.device());
        link.config().write16(Header.COMMAND, Command.MEMORY_SPACE_ENABLE);
        return link;
    }

    @Test
    void theLinkSaysWhichCallFoundItOut() {
        Cable cable = new Cable();
        try (DeviceLink link = open(cable)) {
            Mmio bar = link.bar(0);
            assertThat(bar.read32(0)).isEqualTo(0x810);
            assertThat(link.lost()).isEmpty();
            cable.out = true;
            assertThat(bar.read32(0)).isEqualTo(-1);
            assertThat(link.lost()).contains("its library says so: " + WHY);
            bar.write32(0, 1);
            assertThat(bar.read16(0)).isEqualTo((short) -1);
            assertThat(link.config().read16(Header.VENDOR_ID)).isEqualTo(0xffff);
            assertThat(link.lost()).as("the first call counts").contains("its library says so: " + WHY);
        }
    }

    @Test
    void whoWaitsEndsAndNothingMoreIsMapped() throws Exception {
        Cable cable = new Cable();
        try (DeviceLink link = open(cable)) {
            DmaMapping mapping = link.dma().allocate(4096, DmaAccess.BOTH);
            Mmio bar = link.bar(0);
            CompletableFuture<Boolean> wait = CompletableFuture
                    .supplyAsync(() -> link.runtime().await(() -> false, link.runtime().deadline(TimeUnit.HOURS.toNanos(1))));
            cable.out = true;
            bar.read32(0);
            assertThatThrownBy(() -> wait.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(LinkException.class).hasMessageContaining(WHY);
            assertThatThrownBy(() -> link.dma().allocate(4096, DmaAccess.BOTH)).isInstanceOf(LibraryException.class);
            mapping.close();
        }
    }

    @Test
    void aDeviceThatIsGoneFromTheBeginningIsNoDeviceOfAllOnes() {
        Cable cable = new Cable();
        cable.out = true;
        assertThatThrownBy(() -> open(cable)).isInstanceOf(LibraryException.class).hasMessageContaining("the cable is out");
    }
}
