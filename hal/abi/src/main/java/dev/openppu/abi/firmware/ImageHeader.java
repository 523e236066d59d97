package dev.openppu.abi.firmware;

/**
 * What an image's header says, apart from sizes and sections.
 *
 * @param target profile family, see {@link FirmwareImage#TARGET_PPU001}
 * @param securityVersion unsigned; compared with the anti-rollback counter
 * @param buildName for people; at most 64 bytes of UTF-8
 */
public record ImageHeader(int target, int securityVersion, FirmwareVersion version, MessageAbi messageAbi, String buildName) {}
