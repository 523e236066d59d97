/** Simulation campaigns on the command line. */
package dev.openppu.cli.sim;
