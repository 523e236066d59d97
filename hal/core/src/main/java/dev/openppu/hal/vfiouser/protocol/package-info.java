/**
 * Messages of the vfio-user protocol, version 0.0, as both ends write and read them: a header of 16 bytes, a payload, and descriptors beside them.
 *
 * <p>Every number is little-endian. A payload that does not have the size, the counts or the ranges that its kind demands is a {@link
 * dev.openppu.hal.vfiouser.protocol.ProtocolException}, which carries the errno to answer; nothing that a peer sends leads to any other exception here. The
 * constants are those of the protocol's public text (libvfio-user, docs/vfio-user.rst; QEMU, docs/interop/vfio-user.rst) and of Linux's {@code vfio.h}.
 */
package dev.openppu.hal.vfiouser.protocol;
