/** The kernel's VFIO and iommufd interfaces (include/uapi/linux/vfio.h and iommufd.h): requests by their C names, structures by offsets, one class a kind of file. */
package dev.openppu.hal.posix.vfio;
