package dev.openppu.rdl.live;

/** Hardware behind the {@code swmod} and {@code swacc} outputs of a register's fields. */
@FunctionalInterface
public interface FieldHook {

    /**
     * @param address the register's address
     * @param mask    the fields concerned, as bits of the register
     */
    void fieldsAccessed(long address, long mask);
}
