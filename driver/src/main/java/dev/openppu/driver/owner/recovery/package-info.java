/** The recovery ladder, a class a rung: queue, engine, function, bus ({@code docs/recovery.md}). */
package dev.openppu.driver.owner.recovery;
