package dev.openppu.driver.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.openppu.abi.error.HgResult;
import dev.openppu.driver.DeviceRefusedException;
import dev.openppu.driver.fake.FakeDevice;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Config space by hand-written bytes. */
class ProbeTest {
    private final FakeDevice fake = new FakeDevice();

    @BeforeEach
    void config() {
        put(0x00, "ed1d01600000100001000203");
        put(0x34, "50");
        put(0x50, "01600000" + "00000000"); // power management, next 0x60
        put(0x60, "09001001" + "4f505055" + "00000100" + "01000000");
    }

    private void put(int offset, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        System.arraycopy(bytes, 0, fake.configBytes(), offset, bytes.length);
    }

    @Test
    void acceptsTheDeviceOfTheProgrammingGuide() {
        byte[] before = fake.configBytes().clone();
        Probe probe = Probe.of(fake);
        assertThat(probe.classCode()).isEqualTo(0x030200);
        assertThat(probe.revision()).isEqualTo(1);
        assertThat(probe.abiMajor()).isEqualTo(1);
        assertThat(probe.profile()).isEqualTo(1);
        assertThat(fake.configBytes()).isEqualTo(before);
        assertThat(fake.registers().written()).isEmpty();
    }

    @Test
    void refusesARealCard() {
        put(0x64, "00000000");
        assertThatThrownBy(() -> Probe.of(fake)).isInstanceOf(DeviceRefusedException.class).hasMessageContaining("real card");
    }

    @Test
    void refusesAnotherDevice() {
        put(0x00, "86800015");
        assertThatThrownBy(() -> Probe.of(fake)).isInstanceOf(DeviceRefusedException.class).hasMessageContaining("8086:1500");
    }

    @Test
    void refusesAnotherMajorVersion() {
        put(0x68, "00000200");
        assertThatThrownBy(() -> Probe.of(fake)).isInstanceOfSatisfying(DeviceRefusedException.class,
                e -> assertThat(e.hgresult()).isEqualTo(HgResult.SYSTEM_DRIVER_MISMATCH)).hasMessageContaining("2.0");
    }

    @Test
    void refusesAFunctionThatDoesNotAnswer() {
        Arrays.fill(fake.configBytes(), (byte) 0xff);
        assertThatThrownBy(() -> Probe.of(fake)).isInstanceOf(DeviceRefusedException.class).hasMessageContaining("does not answer");
    }
}
