/**
 * Recordings of what host software and a device did to each other over a link: {@link dev.openppu.hal.record.RecordingLink} makes one of any link,
 * {@link dev.openppu.hal.record.RecordingReader} reads it; docs/recording.md has the file's format.
 */
package dev.openppu.hal.record;
