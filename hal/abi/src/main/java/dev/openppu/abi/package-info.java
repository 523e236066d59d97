/** What host and device agree on: registers, command packets, firmware messages, code objects, XIDs. */
package dev.openppu.abi;
