package dev.openppu.cli.rdl;

import dev.openppu.cli.BadInputException;
import dev.openppu.cli.console.Json;
import dev.openppu.rdl.model.AddressMap;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import dev.openppu.rdl.path.PathException;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A register as a description has it.
 *
 * @param path     its full name
 * @param address  bytes from the start of the map
 * @param register what the map says of it
 */
record DescribedRegister(String path, long address, Register register) {

    /**
     * The register that {@code name} means: a path, in which arrays may go without indices since all elements read alike, or an
     * address.
     *
     * @throws BadInputException if there is none, or if several share the address
     */
    static DescribedRegister find(AddressMap map, String name) {
        Locator locator = new Locator(map);
        return name.isEmpty() || !Character.isDigit(name.charAt(0)) ? byPath(locator, name) : byAddress(locator, name);
    }

    private static DescribedRegister byPath(Locator locator, String name) {
        try {
            LocatedNode node = locator.findAny(name);
            if (node.node() instanceof Register register) {
                return new DescribedRegister(node.path(), node.address(), register);
            }
        } catch (PathException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), e);
        }
        throw new BadInputException("'" + name + "' is no register");
    }

    private static DescribedRegister byAddress(Locator locator, String name) {
        List<LocatedNode> found = locator.at(address(name)).stream().filter(node -> node.node() instanceof Register).toList();
        if (found.isEmpty()) {
            throw new BadInputException("there is no register at " + name);
        }
        if (found.size() > 1) {
            throw new BadInputException("several registers are at " + name + ": "
                    + found.stream().map(LocatedNode::path).collect(Collectors.joining(", ")) + "; name one");
        }
        LocatedNode node = found.getFirst();
        return new DescribedRegister(node.path(), node.address(), (Register) node.node());
    }

    private static long address(String name) {
        try {
            return Long.decode(name.replace("_", ""));
        } catch (NumberFormatException e) {
            throw new BadInputException("'" + name + "' is neither a register's path nor an address", e);
        }
    }

    /** {@code value} as wide as the register. */
    String hex(BigInteger value) {
        String digits = value.toString(16);
        return "0x" + "0".repeat(Math.max(0, (register.width() + 3) / 4 - digits.length())) + digits;
    }

    /** The bits that no field covers. */
    BigInteger reserved() {
        BigInteger ones = BigInteger.ONE.shiftLeft(register.width()).subtract(BigInteger.ONE);
        return register.fields().stream().map(field -> field.mask()).reduce(ones, BigInteger::andNot);
    }

    /**
     * {@code value}, checked.
     *
     * @throws BadInputException if it has more bits than the register
     */
    BigInteger fitting(BigInteger value) {
        if (value.bitLength() > register.width()) {
            throw new BadInputException(path + " has " + register.width() + " bits; 0x" + value.toString(16) + " does not fit");
        }
        return value;
    }

    /** Its place and a value of it, for programs. */
    Map<String, Object> json(BigInteger value) {
        return Json.object("path", path, "address", Json.hex(address), "width", register.width(), "value", hex(value));
    }
}
