package dev.openppu.driver.owner.dump;

import dev.openppu.abi.reg.PpuBar0Regs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The registers that may be read without changing the device, from the list that the register compiler puts beside the generated accessors. */
final class RegisterIndex {
    private static final String LIST = "ppu_bar0.readable.txt";
    private static final int COLUMNS = 3;
    private static final int HEX = 16;

    /**
     * One register.
     *
     * @param name path in the map
     * @param offset in BAR0
     * @param bytes 4 or 8
     */
    record Entry(String name, long offset, int bytes) {}

    private RegisterIndex() {}

    static List<Entry> ofBar0() throws IOException {
        try (InputStream in = PpuBar0Regs.class.getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IOException("this build lacks its list of registers " + LIST);
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().map(RegisterIndex::entry).toList();
        }
    }

    private static Entry entry(String line) {
        String[] columns = line.split(" ", COLUMNS);
        return new Entry(columns[2], Long.parseLong(columns[0], HEX), Integer.parseInt(columns[1]));
    }
}
