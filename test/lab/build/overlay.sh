#!/bin/sh
# mmdebstrap essential hook: lays guest/ over the tree before the kernel package builds its initrd.
set -eu
root=$1
here=$(dirname "$(readlink -f "$0")")
tar -C "$here/../guest" --owner=0 --group=0 --mode='u=rwX,go=rX' -c . | tar -C "$root" --no-overwrite-dir -x
chmod 440 "$root/etc/sudoers.d/lk"
ln -sf nodes/pve-lab/qemu-server "$root/etc/pve/qemu-server"
ln -sf nodes/pve-lab "$root/etc/pve/local"
