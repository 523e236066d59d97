/**
 * The server end of vfio-user: any {@link dev.openppu.hal.vfiouser.server.ServedFunction} at a Unix-domain socket, for one client after another.
 *
 * <p>A client is trusted with nothing. What it sends is checked before it is used; what breaks the protocol's rules ends its connection, with a reason in the log; and when it is gone, by its own
 * will or not, nothing of it is left: the device is as after power-on, mappings are undone, descriptors closed, threads ended.
 *
 * <p>One thread reads the socket. It carries commands out itself as long as all of the client's memory is mapped here. Once some of it can only be reached by messages, another thread does that, so
 * that the answers to those messages are read while a command waits for the device.
 */
package dev.openppu.hal.vfiouser.server;
