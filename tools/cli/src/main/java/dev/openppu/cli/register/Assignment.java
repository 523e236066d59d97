package dev.openppu.cli.register;

import dev.openppu.cli.BadInputException;
import dev.openppu.rdl.model.Field;
import dev.openppu.rdl.model.OnRead;
import dev.openppu.rdl.model.Register;

import java.math.BigInteger;
import java.util.Optional;

/**
 * A write as users ask for it: {@code queue[3].control.enable=1} changes one field and keeps the others, {@code fw.scratch[0]=0x1234} writes all bits.
 *
 * @param register what to write
 * @param field    the one field to change, if not the whole register
 * @param value    the field's or the register's new value
 */
public record Assignment(LocatedRegister register, Optional<Field> field, BigInteger value) {

    /** @throws BadInputException if the text names nothing, several, nothing writable, or a value that does not fit */
    public static Assignment parse(String text, RegisterCatalog catalog) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new BadInputException("'" + text + "' assigns nothing: write register=value or register.field=value");
        }
        String name = text.substring(0, equals).strip();
        RegisterCatalog.Selection selection = catalog.select(name);
        LocatedRegister target = single(name, selection);
        Assignment assignment = new Assignment(target, selection.field(),
                value(text.substring(equals + 1).strip(), name, target, selection.field()));
        assignment.checkAccess(name);
        return assignment;
    }

    private static LocatedRegister single(String name, RegisterCatalog.Selection selection) {
        LocatedRegister first = selection.registers().getFirst();
        if (selection.registers().size() > 1) {
            throw new BadInputException(
                    "'" + name + "' means " + selection.registers().size() + " registers; a write takes one, for example " + first.path());
        }
        return first;
    }

    private static BigInteger value(String text, String name, LocatedRegister register, Optional<Field> field) {
        int width = field.map(Field::width).orElse(register.register().width());
        BigInteger value = ValueText.parse(text, name, field.map(Field::encode));
        if (value.bitLength() > width) {
            throw new BadInputException("'" + name + "' has " + width + (width == 1 ? " bit; " : " bits; ") + text + " does not fit");
        }
        return value;
    }

    private void checkAccess(String name) {
        boolean writable = field.map(one -> one.sw().canWrite()).orElse(register.register().isWritable());
        if (!writable) {
            throw new BadInputException("'" + name + "' is read-only");
        }
        if (field.isEmpty()) {
            return;
        }
        if (register.register().fields().stream().anyMatch(other -> !isTarget(other) && everyWriteChanges(other))) {
            throw new BadInputException(
                    "'" + name + "': any write of " + register.path() + " changes its other fields; write the whole register");
        }
        if (needsReading() && register.readHasEffect()) {
            throw new BadInputException("'" + name + "': keeping the other fields needs a read of " + register.path()
                    + ", which changes the device; write the whole "
                    + "register");
        }
    }

    /** A field that every write changes, whatever is written. */
    private static boolean everyWriteChanges(Field other) {
        return other.sw().canWrite() && switch (other.onWrite()) {
            case WCLR, WSET, WUSER -> true;
            default -> false;
        };
    }

    private boolean needsReading() {
        return register.register().fields().stream().anyMatch(other -> !isTarget(other) && keepsByReading(other));
    }

    private boolean isTarget(Field other) {
        return field.isPresent() && field.get().name().equals(other.name());
    }

    private static boolean keepsByReading(Field other) {
        return other.sw().canRead() && other.sw().canWrite() && !other.isSinglePulse() && other.onRead() == OnRead.NONE
                && other.onWrite() == dev.openppu.rdl.model.OnWrite.NONE;
    }

    /** Does it: one write, after one read if other fields must keep their values. */
    public void apply(RegisterPort port) {
        port.write(register, field.isEmpty() ? value.longValue() : merged(needsReading() ? port.read(register) : 0));
    }

    /** The word to write, given what the register holds. */
    long merged(long held) {
        Register map = register.register();
        BigInteger word = BigInteger.ZERO;
        for (Field each : map.fields()) {
            BigInteger bits = isTarget(each) ? value : neutral(each, held);
            word = word.or(bits.shiftLeft(each.low()));
        }
        return word.longValue();
    }

    /** What a field must be written with so that nothing happens to it. */
    private static BigInteger neutral(Field other, long held) {
        if (!other.sw().canWrite() || other.isSinglePulse()) {
            return BigInteger.ZERO;
        }
        return switch (other.onWrite()) {
            case WZS, WZC, WZT -> other.ones();
            case WOSET, WOCLR, WOT -> BigInteger.ZERO;
            case NONE, WCLR, WSET, WUSER -> LocatedRegister.extract(other, held);
        };
    }
}
