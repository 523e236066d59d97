/** The last events of a life, of host and device on one time line. */
package dev.openppu.harness.explain;
