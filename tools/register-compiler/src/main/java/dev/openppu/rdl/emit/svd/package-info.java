/** Elaborated maps as CMSIS-SVD. */
package dev.openppu.rdl.emit.svd;
