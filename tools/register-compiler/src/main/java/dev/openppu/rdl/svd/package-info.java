/** CMSIS-SVD files, read to the elaborated model. */
package dev.openppu.rdl.svd;
