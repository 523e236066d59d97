package dev.openppu.rdl.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.openppu.rdl.model.AddressMap;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** Any bytes are a map or an {@link IOException}; what is read can be written, and comes back the same. */
class MapReaderFuzzTest {

    @FuzzTest(maxDuration = "10m")
    void read(byte[] input) throws IOException {
        AddressMap map;
        try {
            map = AddressMap.load(new ByteArrayInputStream(input));
        } catch (IOException e) {
            return;
        }
        byte[] written = save(map);
        byte[] again = save(AddressMap.load(new ByteArrayInputStream(written)));
        if (!Arrays.equals(written, again)) {
            throw new AssertionError("the map changes in its JSON");
        }
    }

    private static byte[] save(AddressMap map) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        map.save(bytes);
        return bytes.toByteArray();
    }
}
