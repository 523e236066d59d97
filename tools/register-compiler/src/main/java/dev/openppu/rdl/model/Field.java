package dev.openppu.rdl.model;

import dev.openppu.rdl.source.SourcePosition;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A field of a register. Two fields are equal wherever they were written.
 *
 * @param name       the instance's name
 * @param typeName   the type's name
 * @param low        its lowest bit in the register
 * @param width      its bits
 * @param msb0       whether the register counts its bits from the left: {@link #low()} is low all the same
 * @param properties what was given to it
 * @param origin     where it was written, or null where that is not known
 */
public record Field(String name, String typeName, int low, int width, boolean msb0, Properties properties,
        @Nullable SourcePosition origin)
        implements
            Node {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Field that && name.equals(that.name) && typeName.equals(that.typeName) && low == that.low
                && width == that.width && msb0 == that.msb0 && properties.equals(that.properties);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * name.hashCode() + low) + width;
    }

    /** Its highest bit in the register. */
    public int high() {
        return low + width - 1;
    }

    /** Its bits, in place. */
    public BigInteger mask() {
        return ones().shiftLeft(low);
    }

    /** All its bits set, not shifted. */
    public BigInteger ones() {
        return BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
    }

    /** Its value in its register's value. */
    public BigInteger extract(BigInteger registerValue) {
        return registerValue.shiftRight(low).and(ones());
    }

    /** What {@code value} means in this field: its enum's name; else the number, decimal up to 16 bits and hexadecimal beyond. */
    public String meaning(BigInteger value) {
        EnumType names = encode();
        Optional<EnumType.Entry> entry = names == null ? Optional.empty() : names.find(value);
        return entry.map(EnumType.Entry::name).orElseGet(() -> value.bitLength() <= 16 ? value.toString() : "0x" + value.toString(16));
    }

    /** What software may do with it. */
    public Access sw() {
        return Access.of(properties.keyword("sw", "rw"));
    }

    /** What hardware may do with it. */
    public Access hw() {
        return Access.of(properties.keyword("hw", "rw"));
    }

    /** What a software read does to it, whether written as {@code onread} or as {@code rclr}, {@code rset}. */
    public OnRead onRead() {
        if (properties.is("rclr")) {
            return OnRead.RCLR;
        }
        return properties.is("rset")
                ? OnRead.RSET
                : OnRead.valueOf(properties.keyword("onread", "none").toUpperCase(Locale.ROOT));
    }

    /** What a software write makes of it, whether written as {@code onwrite} or as {@code woclr}, {@code woset}. */
    public OnWrite onWrite() {
        if (properties.is("woclr")) {
            return OnWrite.WOCLR;
        }
        return properties.is("woset")
                ? OnWrite.WOSET
                : OnWrite.valueOf(properties.keyword("onwrite", "none").toUpperCase(Locale.ROOT));
    }

    /** Its reset value, or null where it has none or takes it from elsewhere. */
    public @Nullable BigInteger reset() {
        return properties.get("reset") instanceof Value.Num(BigInteger value) ? value : null;
    }

    /** The names of its values, or null. */
    public @Nullable EnumType encode() {
        return properties.get("encode") instanceof Value.EnumRef(EnumType type) ? type : null;
    }

    /** Whether it is an interrupt. */
    public boolean isInterrupt() {
        return properties.is("intr");
    }

    /** Whether it counts. */
    public boolean isCounter() {
        return properties.is("counter");
    }

    /** Whether a written one clears itself. */
    public boolean isSinglePulse() {
        return properties.is("singlepulse");
    }
}
