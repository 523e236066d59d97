/** Kernel dispatch: takes dispatch packets, hands their blocks to compute units, and turns faults and the watchdog into errors of the queue. */
package dev.openppu.model.dispatch;
