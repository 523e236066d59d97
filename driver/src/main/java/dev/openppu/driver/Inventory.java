package dev.openppu.driver;

/**
 * What a driver holds of a device right now; all zero after everything of a device was closed.
 *
 * @param contexts address spaces
 * @param queues hardware queues
 * @param deviceBytes device memory handed out, page tables included
 * @param pinnedMappings host memory mapped for the device
 * @param pinnedBytes bytes of it
 */
public record Inventory(int contexts, int queues, long deviceBytes, int pinnedMappings, long pinnedBytes) {
    public boolean empty() {
        return contexts == 0 && queues == 0 && deviceBytes == 0 && pinnedMappings == 0 && pinnedBytes == 0;
    }
}
