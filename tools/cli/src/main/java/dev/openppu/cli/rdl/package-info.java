/** {@code ppu rdl}: register descriptions of any device, checked, turned into other formats, compared, decoded and served. */
package dev.openppu.cli.rdl;
