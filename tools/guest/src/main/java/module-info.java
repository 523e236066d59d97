import org.jspecify.annotations.NullMarked;

/** A Linux guest in QEMU whose IOMMU and kernel are real to whoever runs in it: fetched, put together and started without installing anything. */
@NullMarked
module dev.openppu.guest {
    requires static org.jspecify;

    exports dev.openppu.guest;
}
