#!/bin/busybox sh
# The guest's only process of ours: binds devices to vfio-pci, runs one Java program, sends back what it left in /out.
# Serial ports: 0 the console, 1 what the program prints, 2 an archive of /out, begun with its status.
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
for port in 1 2; do stty -F /dev/ttyS$port raw -echo; done
for module in /modules/*.ko.xz; do insmod "$module" || echo "init: cannot load $module"; done

# The device is told its next driver, leaves its present one, and is probed again.
bind() {
    device=/sys/bus/pci/devices/$1
    [ -d "$device" ] || { echo "init: no device $1"; return; }
    echo vfio-pci >"$device/driver_override"
    [ -e "$device/driver" ] && echo "$1" >"$device/driver/unbind"
    echo "$1" >/sys/bus/pci/drivers_probe
}
for address in $(cat /run/bind); do bind "$address"; done

cd /out
set --
while IFS= read -r word; do set -- "$@" "$word"; done </run/arguments
/java/bin/java "$@" >/dev/ttyS1 2>&1 </dev/null
echo $? >status
find . -type f | cpio -o -H newc >/dev/ttyS2 2>/dev/null
sync
poweroff -f
