package dev.openppu.model.pcie;

import dev.openppu.hal.pci.PciRegister.Aer;
import dev.openppu.hal.pci.PciRegister.Express;
import dev.openppu.hal.pci.PciRegister.Header;
import dev.openppu.hal.pci.PciRegister.Status;

/** Where a function notes errors it meets (6.2). */
final class FunctionErrors {
    private final ConfigBytes config;

    FunctionErrors(ConfigBytes config) {
        this.config = config;
    }

    /**
     * A request came that the function does not support: outside its BARs, decoding off, D3hot. A refused read (non-posted) whose severity is non-fatal is an
     * advisory error (6.2.3.2.4.1), a refused write an error of the severity register's kind. A masked one is not the First Error Pointer's (7.8.4.3).
     */
    void unsupportedRequest(boolean posted) {
        int masked = config.read(FunctionConfig.AER + Aer.UNCORRECTABLE_MASK, 4);
        config.set(FunctionConfig.AER + Aer.UNCORRECTABLE_STATUS, 4, Aer.UNSUPPORTED_REQUEST);
        if ((masked & Aer.UNSUPPORTED_REQUEST) == 0 && !recorded()) {
            config.replace(FunctionConfig.AER + Aer.CAPABILITIES_CONTROL, 4, Aer.FIRST_ERROR_POINTER_MASK, Aer.UNSUPPORTED_REQUEST_BIT);
        }
        config.set(FunctionConfig.EXPRESS + Express.DEVICE_STATUS, 2, Express.UNSUPPORTED_REQUEST_DETECTED | detected(posted));
    }

    /** Software has written config space: the First Error Pointer of an error that it has cleared points to a bit that is never set (6.2.4.2). */
    void configWritten() {
        if (!recorded()) {
            config.replace(FunctionConfig.AER + Aer.CAPABILITIES_CONTROL, 4, Aer.FIRST_ERROR_POINTER_MASK, 0);
        }
    }

    /** Whether the First Error Pointer names an error that is still there. */
    private boolean recorded() {
        int pointer = config.read(FunctionConfig.AER + Aer.CAPABILITIES_CONTROL, 4) & Aer.FIRST_ERROR_POINTER_MASK;
        return (config.read(FunctionConfig.AER + Aer.UNCORRECTABLE_STATUS, 4) >>> pointer & 1) != 0;
    }

    private int detected(boolean posted) {
        boolean fatal = (config.read(FunctionConfig.AER + Aer.UNCORRECTABLE_SEVERITY, 4) & Aer.UNSUPPORTED_REQUEST) != 0;
        if (fatal) {
            return Express.FATAL_ERROR_DETECTED;
        }
        if (posted) {
            return Express.NON_FATAL_ERROR_DETECTED;
        }
        config.set(FunctionConfig.AER + Aer.CORRECTABLE_STATUS, 4, Aer.ADVISORY_NON_FATAL);
        return Express.CORRECTABLE_ERROR_DETECTED;
    }

    /** A read of the function's was answered with Unsupported Request: the IOMMU refused it. */
    void masterAbortReceived() {
        config.set(Header.STATUS, 2, Status.RECEIVED_MASTER_ABORT);
    }
}
