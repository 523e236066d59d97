/** Recordings on the command line: looked at, drawn, played. */
package dev.openppu.cli.recording;
