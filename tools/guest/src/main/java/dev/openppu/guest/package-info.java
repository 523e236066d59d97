/** Debian packages fetched into a cache, an initramfs made of them and a Java runtime, and QEMU that boots it: a Java program runs beside a kernel's VFIO. */
package dev.openppu.guest;
