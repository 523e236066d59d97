package dev.openppu.rdl.emit.text;

import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Expansion;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.model.RegisterInstance;
import java.util.stream.Collectors;

/**
 * The registers that may be read without changing the device, for software that has no register compiler: a line each, offset (hexadecimal), bytes and path in the
 * root, separated by blanks.
 */
public final class ReadableRegisters {
    private ReadableRegisters() {}

    /** All lines, in the order of the map. */
    public static String of(AddressMap map) {
        return Expansion.registers(map).filter(each -> harmless(each.register())).map(ReadableRegisters::line)
                .collect(Collectors.joining());
    }

    private static boolean harmless(Register register) {
        return register.fields().stream().anyMatch(field -> field.sw().canRead())
                && register.fields().stream().allMatch(field -> field.onRead() == OnRead.NONE);
    }

    private static String line(RegisterInstance each) {
        return "%x %d %s\n".formatted(each.address(), each.register().width() / Byte.SIZE, each.pathInRoot());
    }
}
