import org.jspecify.annotations.NullMarked;

/** A driver of QEMU's educational device. */
@NullMarked
module com.example.edu {
    requires static org.jspecify;
    requires dev.openppu.hal;
}
