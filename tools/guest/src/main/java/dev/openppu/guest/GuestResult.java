package dev.openppu.guest;

import java.util.Map;

/**
 * How a guest ended.
 *
 * @param status of the program; -1 if the guest did not come to its end
 * @param output what the program printed
 * @param console what the kernel printed
 * @param files what the program left in its current folder, by name
 */
public record GuestResult(int status, String output, String console, Map<String, byte[]> files) {
    public GuestResult {
        files = Map.copyOf(files);
    }
}
