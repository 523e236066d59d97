/** The command processor: fetches packets from queues in host memory, starts them in order, completes them. */
package dev.openppu.model.command;
