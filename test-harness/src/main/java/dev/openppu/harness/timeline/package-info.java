/** What happened when: stages and cases of the host, events of the device. */
package dev.openppu.harness.timeline;
