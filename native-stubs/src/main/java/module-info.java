import org.jspecify.annotations.NullMarked;

/** C twins of the driver's hot paths, for measuring beside them, and a reference device in C for tests: no part of the product, and nothing of the product uses it. */
@NullMarked
module dev.openppu.twin {
    requires static org.jspecify;

    exports dev.openppu.reference;
    exports dev.openppu.twin;
}
