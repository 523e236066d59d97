/** {@link dev.openppu.metrics.PpuCollector}: hand it to a Prometheus registry. */
package dev.openppu.metrics;
