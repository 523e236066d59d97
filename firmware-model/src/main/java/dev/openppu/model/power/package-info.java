/** Power, temperature and clocks: a lumped thermal model that time and activity drive, and what it does to the clock of the compute units. */
package dev.openppu.model.power;
