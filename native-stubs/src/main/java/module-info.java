import org.jspecify.annotations.NullMarked;

/** C twins of the driver's hot paths, for measuring beside them: no part of the product, and nothing of the product uses it. */
@NullMarked
module dev.openppu.twin {
    requires static org.jspecify;

    exports dev.openppu.twin;
}
