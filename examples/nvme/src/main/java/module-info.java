import org.jspecify.annotations.NullMarked;

/** A driver of NVMe controllers. */
@NullMarked
module com.example.nvme {
    requires static org.jspecify;
    requires dev.openppu.hal;
}
