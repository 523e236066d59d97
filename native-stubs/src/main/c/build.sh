#!/bin/sh
# Compiles the twins into one library, if there is a C compiler: build.sh SOURCES OUTPUT-FOLDER
# Without one the build goes on; the file 'absent' beside the library says why, and the benches print Java only.
sources=$1
out=$2
library=$out/libopenppu-twins.so
flags='-O2 -std=gnu17 -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden -pthread'
mkdir -p "$out" || exit 1

absent() {
    rm -f "$library"
    printf '%s\n' "$1" >"$out/absent"
    printf 'C twins: %s; benchmarks will print Java only\n' "$1"
    exit 0
}

compiler=
for candidate in "${CC:-}" cc gcc clang; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 && compiler=$candidate && break
done
[ -n "$compiler" ] || absent 'no C compiler was found when this was built (cc, gcc, clang, or CC)'
printf 'int main(void){return 0;}\n' | "$compiler" -x c -pthread -o /dev/null - 2>/dev/null || absent "$compiler cannot build programs here (are the C library's headers installed?)"

newest=$(ls -t "$sources"/*.c "$sources"/*.h "$sources"/build.sh "$library" 2>/dev/null | head -n 1)
[ "$newest" = "$library" ] && exit 0
rm -f "$out/absent"
# shellcheck disable=SC2086 # flags is a list
exec "$compiler" $flags -I "$sources/../../../include" -o "$library" "$sources"/*.c -ldl
