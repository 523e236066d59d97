package dev.openppu.rdl.live;

/** Hardware behind the {@code swmod} and {@code swacc} outputs of a register's fields. */
@FunctionalInterface
public interface FieldHook {

    /**
     * @param address the register's address; of one wider than 64 bits, that of the word concerned
     * @param mask    the fields concerned, as bits of the register
     */
    void fieldsAccessed(long address, long mask);
}
