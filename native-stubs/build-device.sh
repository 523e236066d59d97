#!/bin/sh
# Builds the reference device, if there are CMake and a C and a C++ compiler: build-device.sh REGISTER-HEADERS OUTPUT-FOLDER
# Without them the build goes on; the file 'absent' in the output folder says why, and the tests of devices in libraries are skipped.
home=$(CDPATH='' cd -P "$(dirname "$0")" && pwd)
registers=$1
out=$2
mkdir -p "$out" || exit 1

absent() {
    rm -rf "$out/build" "$out/libppu_reference.so"
    printf '%s\n' "$1" >"$out/absent"
    printf 'reference device in C: %s; its tests will be skipped\n' "$1"
    exit 0
}

command -v cmake >/dev/null 2>&1 || absent 'CMake was not found when this was built'
rm -f "$out/absent"
log=$out/configure.log
if ! cmake -S "$home" -B "$out/build" -DPPU_REGISTERS="$registers" >"$log" 2>&1; then
    # no compiler is nothing to fail for; a mistake in the files is
    grep -q 'No CMAKE_C.*_COMPILER could be found\|is not able to compile a simple test program' "$log" && absent 'CMake found no C and C++ compiler that work'
    cat "$log" >&2
    exit 1
fi
log=$out/build.log
if ! cmake --build "$out/build" --parallel 2 >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
fi
cmp -s "$out/build/libppu_reference.so" "$out/libppu_reference.so" || cp "$out/build/libppu_reference.so" "$out/libppu_reference.so"
