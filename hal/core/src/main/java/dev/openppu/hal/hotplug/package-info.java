/** What happens to this machine's PCI functions while one looks. */
package dev.openppu.hal.hotplug;
