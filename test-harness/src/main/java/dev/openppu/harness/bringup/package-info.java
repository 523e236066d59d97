/** The suite {@code bringup}: from power-on to a kernel's result, stage by stage. */
package dev.openppu.harness.bringup;
