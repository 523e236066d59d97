/** Runs of one suite on several links, held against each other. */
package dev.openppu.harness.compare;
