/** NumPy's file format, versions 1.0 to 3.0, for the element types that kernels take. */
package dev.openppu.cli.npy;
