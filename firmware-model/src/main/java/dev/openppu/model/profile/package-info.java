/** What kinds of PPU there are: data, one resource file each. */
package dev.openppu.model.profile;
