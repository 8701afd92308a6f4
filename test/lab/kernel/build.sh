#!/bin/sh
# Builds the lab kernel from Debian's linux-source-6.1 into <folder>/vmlinuz-<release>: 6 to 7 minutes on two cores.
# Needs flex, bison, bc, libelf-dev, libssl-dev and about 2 GB. Usage: build.sh <folder>
set -eu
here=$(dirname "$(readlink -f "$0")")
mkdir -p "$1"
out=$(readlink -f "$1")
work=$(mktemp -d "$out/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download linux-source-6.1
dpkg-deb --fsys-tarfile linux-source-6.1_*.deb | tar -xO ./usr/src/linux-source-6.1.tar.xz | tar -xJ --strip-components=1
patch -p1 <"$here/relax-rmrr.patch"
cp "$here/defconfig" arch/x86/configs/lab_defconfig
make lab_defconfig
make -j"$(nproc)" bzImage
cp arch/x86/boot/bzImage "$out/vmlinuz-$(make -s kernelrelease)"
