package dev.openppu.cli.register;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DecodingTest {
    private final RegisterCatalog catalog = RegisterCatalog.ofPpu();

    @Test
    void namesEnumsAndNumbers() {
        assertThat(Decoding.line(register("boot.status"), 0x0003_0602)).isEqualTo("state=ROM_READY error=BAD_SIGNATURE refused=3");
        assertThat(Decoding.line(register("boot.status"), 0xF)).isEqualTo("state=15 error=NONE refused=0");
    }

    @Test
    void showsBigNumbersInHexadecimalAndAllOnesWithoutSign() {
        assertThat(Decoding.line(register("id.magic"), 0x5550504F)).isEqualTo("value=0x5550504f");
        assertThat(Decoding.line(register("memory.size"), -1)).isEqualTo("bytes=0xffffffffffffffff");
        assertThat(Decoding.hex(register("memory.size"), -1)).isEqualTo("0xffffffffffffffff");
    }

    @Test
    void padsToTheRegistersWidth() {
        assertThat(Decoding.hex(register("boot.status"), 2)).isEqualTo("0x00000002");
        assertThat(Decoding.hex(register("timer.now"), 2)).isEqualTo("0x0000000000000002");
    }

    @Test
    void leavesOutWhatSoftwareCannotRead() {
        assertThat(Decoding.line(register("boot.command"), 3)).isEqualTo("source=HOST_DMA");
    }

    @Test
    void knowsWhichReadsChangeTheDevice() {
        assertThat(register("memory.ecc_counters").readHasEffect()).isTrue();
        assertThat(register("boot.status").readHasEffect()).isFalse();
    }

    private LocatedRegister register(String name) {
        return catalog.select(name).registers().getFirst();
    }
}
