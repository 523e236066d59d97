package dev.openppu.hal.posix.vfio;

/** Requests by their C names without the prefix; numbers are {@code _IO(';', n)}: no direction, no size. */
enum VfioRequest {
    GET_API_VERSION(0x64),
    CHECK_EXTENSION(0x65),
    SET_IOMMU(0x66),
    GROUP_GET_STATUS(0x67),
    GROUP_SET_CONTAINER(0x68),
    GROUP_GET_DEVICE_FD(
            0x6A),
    DEVICE_GET_INFO(0x6B),
    DEVICE_GET_REGION_INFO(0x6C),
    DEVICE_GET_IRQ_INFO(0x6D),
    DEVICE_SET_IRQS(0x6E),
    DEVICE_RESET(
            0x6F),
    DEVICE_GET_PCI_HOT_RESET_INFO(0x70),
    DEVICE_PCI_HOT_RESET(
            0x71),
    IOMMU_GET_INFO(0x70),
    IOMMU_MAP_DMA(0x71),
    IOMMU_UNMAP_DMA(0x72),
    DEVICE_BIND_IOMMUFD(
            0x76),
    DEVICE_ATTACH_IOMMUFD_PT(0x77),
    IOAS_ALLOC(0x81),
    IOAS_IOVA_RANGES(0x84),
    IOAS_MAP(0x85),
    IOAS_UNMAP(0x86);

    private static final long TYPE = ';' << 8;

    private final long number;

    VfioRequest(int number) {
        this.number = TYPE | number;
    }

    long number() {
        return number;
    }
}
