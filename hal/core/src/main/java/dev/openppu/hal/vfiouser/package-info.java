/**
 * {@code vfio-user:SOCKET}: devices that another process serves by the vfio-user protocol, over a socket that carries messages and descriptors.
 *
 * <p>The server is not trusted: what it sends is checked, and what breaks the protocol ends the connection. A server that is gone, or stopped, is a device that was pulled out.
 */
package dev.openppu.hal.vfiouser;
