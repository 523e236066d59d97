package dev.openppu.harness.recording;

import dev.openppu.hal.record.RecordedEvent;

/**
 * A device that does not answer as the recorded one did.
 *
 * @param event the recorded access
 * @param seen the value that the device has
 * @param text what is different, by names
 */
public record PlayedDifference(RecordedEvent event, long seen, String text) {}
