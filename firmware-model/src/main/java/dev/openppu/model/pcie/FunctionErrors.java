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
     * advisory error (6.2.3.2.4.1), a refused write an error of the severity register's kind.
     */
    void unsupportedRequest(boolean posted) {
        int before = config.read(FunctionConfig.AER + Aer.UNCORRECTABLE_STATUS, 4);
        config.set(FunctionConfig.AER + Aer.UNCORRECTABLE_STATUS, 4, Aer.UNSUPPORTED_REQUEST);
        if (before == 0) {
            config.replace(FunctionConfig.AER + Aer.CAPABILITIES_CONTROL, 4, Aer.FIRST_ERROR_POINTER_MASK, Aer.UNSUPPORTED_REQUEST_BIT);
        }
        config.set(FunctionConfig.EXPRESS + Express.DEVICE_STATUS, 2, Express.UNSUPPORTED_REQUEST_DETECTED | detected(posted));
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
