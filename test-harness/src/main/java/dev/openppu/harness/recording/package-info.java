/** Recordings of a link by the names of registers and fields: as text, drawn, and played against another device. */
package dev.openppu.harness.recording;
