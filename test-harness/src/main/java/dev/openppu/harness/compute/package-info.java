/** What instructions compute, said once: for the executor alone and for a device on any link. */
package dev.openppu.harness.compute;
