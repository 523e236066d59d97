/** The model as something to be served to other processes. */
package dev.openppu.model.serve;
