/** Bugs that are put into driver and model on purpose, in compiled classes: campaigns that do not find them are not worth their name. */
package dev.openppu.harness.sim.planted;
