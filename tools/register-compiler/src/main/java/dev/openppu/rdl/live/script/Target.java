package dev.openppu.rdl.live.script;

import dev.openppu.rdl.model.Addressable;
import dev.openppu.rdl.model.EnumType;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import dev.openppu.rdl.path.LocatedNode;
import dev.openppu.rdl.path.Locator;
import dev.openppu.rdl.path.PathException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a command is about: bytes at an address, a register, or a field.
 *
 * @param text   as the script writes it
 * @param pieces software's accesses that make it up, or its register where it is a field
 * @param width  of what the pieces make up, in bits
 * @param node   the register or field; null for bytes
 */
record Target(String text, List<Piece> pieces, int width, @Nullable LocatedNode node) {

    /**
     * One access.
     *
     * @param low the place of its lowest bit in the whole
     */
    record Piece(long address, int bytes, int low) {}

    /** @throws ScriptException if that is neither an address nor the path of a register or field */
    static Target parse(String text, Locator locator) throws ScriptException {
        try {
            int colon = text.lastIndexOf(':');
            String place = colon < 0 ? text : text.substring(0, colon);
            int plus = place.indexOf('+');
            if (colon < 0 && plus < 0 && !Numerals.looksLikeOne(text)) {
                return ofPath(text, locator);
            }
            long base = plus < 0
                    ? 0
                    : Numerals.looksLikeOne(place) ? address(place.substring(0, plus)) : locator.find(place.substring(0, plus)).address();
            boolean named = plus < 0 && !Numerals.looksLikeOne(place);
            long at = named ? locator.find(place).address() : base + address(place.substring(plus + 1));
            return ofAddress(text, at, colon < 0 ? 0 : bytes(text.substring(colon + 1)), locator);
        } catch (PathException e) {
            throw ScriptException.error(String.valueOf(e.getMessage()));
        }
    }

    private static long address(String text) throws ScriptException {
        BigInteger address = Numerals.parse(text);
        if (address.bitLength() > 62) {
            throw ScriptException.error("'" + text + "' is no address");
        }
        return address.longValue();
    }

    private static int bytes(String text) throws ScriptException {
        return switch (text) {
            case "1", "2", "4", "8" -> Integer.parseInt(text);
            default -> throw ScriptException.error("an access has 1, 2, 4 or 8 bytes, not '" + text + "'");
        };
    }

    /** @param bytes of one access; 0 for the width of the register that begins there, else of its access width, else 4 */
    private static Target ofAddress(String text, long address, int bytes, Locator locator) {
        Optional<LocatedNode> register = locator.at(address).stream().filter(node -> node.node() instanceof Register).findFirst();
        if (bytes == 0 && register.isPresent()) {
            LocatedNode found = register.get();
            Register node = (Register) found.node();
            if (found.address() == address && node.width() <= Long.SIZE) {
                return new Target(text, pieces(found), node.width(), null);
            }
            return ofBytes(text, address, Math.min(8, node.accessWidth() / 8));
        }
        return ofBytes(text, address, bytes == 0 ? 4 : bytes);
    }

    private static Target ofBytes(String text, long address, int bytes) {
        return new Target(text, List.of(new Piece(address, bytes, 0)), bytes * 8, null);
    }

    private static Target ofPath(String text, Locator locator) throws ScriptException {
        LocatedNode node = locator.find(text);
        LocatedNode register = node.register();
        if (register == null || !(node.node() instanceof Field || node.node() instanceof Addressable)) {
            throw ScriptException.error("'" + text + "' is no register and no field; for bytes in a block write " + text + "+0x0:4");
        }
        return new Target(text, pieces(register), ((Register) register.node()).width(), node);
    }

    /** The widest accesses that the register takes, in the order of their addresses. */
    private static List<Piece> pieces(LocatedNode register) {
        Register node = (Register) register.node();
        int total = node.width() / 8;
        int aligned = register.address() == 0 ? 8 : (int) Math.min(8, Long.lowestOneBit(register.address()));
        int bytes = Math.min(Math.min(8, total), Math.max(aligned, Math.min(8, node.accessWidth() / 8)));
        List<Piece> pieces = new ArrayList<>();
        for (int at = 0; at < total; at += bytes) {
            pieces.add(new Piece(register.address() + at, bytes, 8 * (register.isBigEndian() ? total - bytes - at : at)));
        }
        return pieces;
    }

    /** The path of the register or field; null for bytes. */
    @Nullable
    String path() {
        return node == null ? null : node.path();
    }

    @Nullable
    Field field() {
        return node != null && node.node() instanceof Field field ? field : null;
    }

    /** Bits of what the command is about itself. */
    int ownWidth() {
        Field field = field();
        return field == null ? width : field.width();
    }

    /** A value for it: a number, or the name of an entry of the field's enumeration. */
    BigInteger value(String written) throws ScriptException {
        return value(written, field(), ownWidth(), text);
    }

    /** A value for a field of it. */
    static BigInteger value(String written, @Nullable Field field, int width, String what) throws ScriptException {
        EnumType names = field == null ? null : field.encode();
        Optional<EnumType.Entry> entry = names == null ? Optional.empty() : names.find(written);
        BigInteger value = entry.isPresent() ? entry.get().value() : Numerals.parse(written);
        if (value.bitLength() > width) {
            throw ScriptException.error(written + " is too wide for " + what + ", which has " + width + " bits");
        }
        return value;
    }
}
