package dev.openppu.rdl.live.script;

import dev.openppu.rdl.live.script.Target.Piece;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.Register;
import java.math.BigInteger;

/** Reads and writes as software makes them: a register access by access, a field by its register. */
final class SoftwareAccess {

    private final ScriptPort port;

    SoftwareAccess(ScriptPort port) {
        this.port = port;
    }

    BigInteger read(Target target) {
        Field field = target.field();
        BigInteger whole = whole(target);
        return field == null ? whole : whole.shiftRight(field.low()).and(field.ones());
    }

    private BigInteger whole(Target target) {
        BigInteger value = BigInteger.ZERO;
        for (Piece piece : target.pieces()) {
            value = value.or(unsigned(port.read(piece.address(), piece.bytes())).shiftLeft(piece.low()));
        }
        return value;
    }

    /** Writes; of a field after its register has been read, whose other fields are written back. */
    void write(Target target, BigInteger value) {
        Field field = target.field();
        BigInteger whole = field == null ? value : whole(target).andNot(field.mask()).or(value.shiftLeft(field.low()));
        for (Piece piece : target.pieces()) {
            port.write(piece.address(), piece.bytes(), whole.shiftRight(piece.low()).and(lanes(piece.bytes())).longValue());
        }
    }

    private static BigInteger lanes(int bytes) {
        return BigInteger.ONE.shiftLeft(bytes * Byte.SIZE).subtract(BigInteger.ONE);
    }

    static BigInteger unsigned(long word) {
        return new BigInteger(Long.toUnsignedString(word));
    }

    /** A value of a field at its place in the register that the target is. */
    static BigInteger fieldValue(Target target, String name, String value) throws ScriptException {
        if (target.node() == null || !(target.node().node() instanceof Register register)) {
            throw ScriptException.error("field=value is for registers by path");
        }
        Field field = register.field(name).orElse(null);
        if (field == null) {
            throw ScriptException.error("there is no field '" + name + "' in " + target.text() + "; it has "
                    + String.join(", ", register.fields().stream().map(Field::name).toList()));
        }
        return Target.value(value, field, field.width(), name).shiftLeft(field.low());
    }
}
