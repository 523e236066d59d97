/** Pictures as kernels see them: rows of samples without padding. */
package dev.openppu.cli.image;
