/** Conformance cases, suites, campaigns, record and replay, reports. */
package dev.openppu.harness;
