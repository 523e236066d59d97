package dev.openppu.rdl.compare;

import dev.openppu.rdl.model.Access;
import dev.openppu.rdl.model.ArrayShape;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One difference between two maps. A change is breaking if a driver that was written against the old map can go wrong on a device
 * of the new one, or does not build any more against what is generated from it. Each kind states its rule. Immutable.
 */
public sealed interface Change {

    /** The node in the old map (in the new one, for what was added): {@code top.queue[*].head.index}, a star for every dimension. */
    String path();

    /** Whether it breaks a driver, by the rule of its kind. */
    boolean breaking();

    /** What changed, one line without the path. */
    String describe();

    /** Something new. Never breaking: it stands where nothing stood, and drivers leave such bits and addresses alone. */
    record Added(String path, What what, long at) implements Change {
        @Override
        public boolean breaking() {
            return false;
        }

        @Override
        public String describe() {
            return what.text + " added at " + what.place(at);
        }
    }

    /** Something gone. Always breaking. */
    record Removed(String path, What what, long at) implements Change {
        @Override
        public boolean breaking() {
            return true;
        }

        @Override
        public String describe() {
            return what.text + " removed from " + what.place(at);
        }
    }

    /**
     * Probably the same under another name: it has the same place, kind and size, and neither name is in the other map. Breaking:
     * code that names it does not build; built code goes on working.
     */
    record Renamed(String path, String oldName, String newName) implements Change {
        @Override
        public boolean breaking() {
            return true;
        }

        @Override
        public String describe() {
            return "renamed to " + newName;
        }
    }

    /** Another address, the children with it. The addresses are absolute, of the first element. Always breaking. */
    record Moved(String path, long oldAddress, long newAddress) implements Change {
        @Override
        public boolean breaking() {
            return true;
        }

        @Override
        public String describe() {
            return "moved from " + hex(oldAddress) + " to " + hex(newAddress);
        }
    }

    /** Another number of elements, or another stride. Breaking, unless only the outermost dimension grew: then every old element stays. */
    record Resized(String path, ArrayShape oldShape, ArrayShape newShape) implements Change {
        @Override
        public boolean breaking() {
            boolean sameInside = oldShape.isArray() && oldShape.stride() == newShape.stride()
                    && oldShape.dimensions().size() == newShape.dimensions().size() && oldShape.dimensions()
                            .subList(1, oldShape.dimensions().size())
                            .equals(newShape.dimensions().subList(1, newShape.dimensions().size()));
            return !sameInside || newShape.dimensions().getFirst() < oldShape.dimensions().getFirst();
        }

        @Override
        public String describe() {
            return "array changed from " + text(oldShape) + " to " + text(newShape);
        }

        private static String text(ArrayShape shape) {
            return shape.isArray() ? shape.dimensions() + " every " + hex(shape.stride()) + " bytes" : "a single instance";
        }
    }

    /**
     * Another width of a register, of its accesses, or of a memory, or another number of a memory's entries. Breaking, unless a
     * memory has more entries than before.
     */
    record Width(String path, String property, long oldValue, long newValue) implements Change {
        @Override
        public boolean breaking() {
            return !property.equals("mementries") || newValue < oldValue;
        }

        @Override
        public String describe() {
            return property + " changed from " + oldValue + " to " + newValue;
        }
    }

    /** Other bits of a field. Always breaking, also where it only grew: masks and shifts differ, and writes reach other bits. */
    record FieldBits(String path, int oldMsb, int oldLsb, int newMsb, int newLsb) implements Change {
        @Override
        public boolean breaking() {
            return true;
        }

        @Override
        public String describe() {
            return "bits changed from [" + oldMsb + ":" + oldLsb + "] to [" + newMsb + ":" + newLsb + "]";
        }
    }

    /**
     * Another reset value of a field; null for none. Breaking, unless there was none before: drivers write only what they want to
     * differ from reset.
     */
    record Reset(String path, @Nullable BigInteger oldValue, @Nullable BigInteger newValue) implements Change {
        @Override
        public boolean breaking() {
            return oldValue != null;
        }

        @Override
        public String describe() {
            return "reset changed from " + text(oldValue) + " to " + text(newValue);
        }

        private static String text(@Nullable BigInteger value) {
            return value == null ? "none" : "0x" + value.toString(16);
        }
    }

    /** What software may do. Breaking if it may do less: no read any more, no write, or the first write only. */
    record SoftwareAccess(String path, Access oldAccess, Access newAccess) implements Change {
        @Override
        public boolean breaking() {
            return oldAccess.canRead() && !newAccess.canRead() || oldAccess.canWrite() && !newAccess.canWrite()
                    || newAccess.once() && !oldAccess.once();
        }

        @Override
        public String describe() {
            return "sw changed from " + word(oldAccess) + " to " + word(newAccess);
        }
    }

    /** What hardware may do. Breaking if hardware now writes where it did not: what a driver wrote does not stay, nor may it cache it. */
    record HardwareAccess(String path, Access oldAccess, Access newAccess) implements Change {
        @Override
        public boolean breaking() {
            return newAccess.canWrite() && !oldAccess.canWrite();
        }

        @Override
        public String describe() {
            return "hw changed from " + word(oldAccess) + " to " + word(newAccess);
        }
    }

    /** What a software access does besides ({@code onread}, {@code onwrite}, {@code singlepulse}). Always breaking. */
    record SideEffect(String path, String property, String oldValue, String newValue) implements Change {
        @Override
        public boolean breaking() {
            return true;
        }

        @Override
        public String describe() {
            return property + " changed from " + oldValue + " to " + newValue;
        }
    }

    /**
     * A named value of a field: null on the side that has it not. Breaking, unless it is new: an old name that is gone, or stands
     * for another value, is in drivers.
     */
    record NamedValue(String path, String entry, @Nullable BigInteger oldValue, @Nullable BigInteger newValue) implements Change {
        @Override
        public boolean breaking() {
            return oldValue != null;
        }

        @Override
        public String describe() {
            return oldValue == null
                    ? "value " + entry + " = " + newValue + " added"
                    : newValue == null
                            ? "value " + entry + " = " + oldValue + " removed"
                            : "value " + entry + " changed from " + oldValue + " to " + newValue;
        }
    }

    /**
     * Any other property; null where it is not given. Breaking if it changes what software meets: locks, interrupts and counters,
     * reset domains, byte order. User-defined properties and those for hardware or tests never are.
     */
    record Property(String path, String property, @Nullable String oldValue, @Nullable String newValue) implements Change {

        private static final Set<String> MEETS_SOFTWARE = Set.of("swwe", "swwel", "intr", "intr type", "nonsticky", "sticky", "stickybit",
                "enable", "mask", "haltenable", "haltmask", "counter", "incrvalue", "decrvalue", "incrwidth", "decrwidth", "saturate",
                "incrsaturate", "decrsaturate", "threshold", "incrthreshold", "decrthreshold", "resetsignal", "reset", "bigendian",
                "littleendian", "alias", "shared", "rsvdset", "rsvdsetX");

        @Override
        public boolean breaking() {
            return MEETS_SOFTWARE.contains(property);
        }

        @Override
        public String describe() {
            return property + " changed from " + Objects.requireNonNullElse(oldValue, "not given") + " to "
                    + Objects.requireNonNullElse(newValue, "not given");
        }
    }

    /** Words for people: the {@code name} or {@code desc} of a node or of a named value. Never breaking. */
    record Description(String path, String what, @Nullable String oldText, @Nullable String newText) implements Change {
        @Override
        public boolean breaking() {
            return false;
        }

        @Override
        public String describe() {
            return what + " changed";
        }
    }

    /** What kind of thing was added or removed. */
    enum What {
        /** An address map, a register file or a memory. */
        BLOCK("block"),
        /** A register. */
        REGISTER("register"),
        /** A field. */
        FIELD("field");

        private final String text;

        What(String text) {
            this.text = text;
        }

        private String place(long at) {
            return this == FIELD ? "bit " + at : hex(at);
        }
    }

    private static String hex(long number) {
        return "0x" + Long.toHexString(number);
    }

    private static String word(Access access) {
        return access.name().toLowerCase(Locale.ROOT);
    }
}
