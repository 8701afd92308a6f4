/** A device for vfio-pci: where it is (full BDF), and which (vendor:device, four hex digits each). */
export interface VfioDevice {
  readonly address: string
  readonly id: string
}

/** Where initramfs-tools looks for what it copies, and for what runs in the initramfs before udev loads the first driver. */
export const HOOK_PATH = '/etc/initramfs-tools/hooks/lanekeeper-vfio'
export const SCRIPT_PATH = '/etc/initramfs-tools/scripts/init-top/lanekeeper-vfio'
/** The script as lsinitramfs lists it. */
export const SCRIPT_IN_INITRAMFS = 'scripts/init-top/lanekeeper-vfio'

/** The hook that has vfio-pci copied into every initramfs. */
export const VFIO_HOOK = `#!/bin/sh
# Written by lanekeeper: the initramfs holds vfio-pci, for scripts/init-top/lanekeeper-vfio.
[ "\${1:-}" = prereqs ] && exit 0
. /usr/share/initramfs-tools/hook-functions
manual_add_modules vfio-pci
`

/**
 * The script that gives these devices to vfio-pci by their address, before any module of a host driver is loaded; another card
 * that turns up in the same slot is left alone. `driver_override`: docs.kernel.org, ABI sysfs-bus-pci.
 */
export const vfioScript = (devices: readonly VfioDevice[]): string => `#!/bin/sh
# Written by lanekeeper: these devices are for guests, so vfio-pci takes them before a driver of the host can.
[ "\${1:-}" = prereqs ] && exit 0
${LIST}${devices.map(({ address, id }) => `${address}=${id}`).join(' ')}'
sys=/sys/bus/pci
ours=
for one in $devices; do
  at=$sys/devices/\${one%=*}
  id=\${one#*=}
  [ -r "$at/device" ] || continue
  read -r vendor <"$at/vendor"
  read -r device <"$at/device"
  [ "$vendor:$device" = "0x\${id%:*}:0x\${id#*:}" ] || continue
  echo vfio-pci >"$at/driver_override"
  ours="$ours \${one%=*}"
done
modprobe vfio-pci
for address in $ours; do
  [ -e "$sys/devices/$address/driver" ] || echo "$address" >"$sys/drivers_probe"
done
`

const LIST = "devices='"

/** The devices that such a script names; null for a text that is not this script, byte for byte. */
export function readVfioScript(text: string): readonly VfioDevice[] | null {
  const list = text.split('\n').find((line) => line.startsWith(LIST))
  const devices = (list?.slice(LIST.length, -1) ?? '').split(' ').flatMap((one) => {
    const [, address, id] = /^([0-9a-f]{4,}(?::[0-9a-f]{2}){2}\.[0-7])=([0-9a-f]{4}:[0-9a-f]{4})$/.exec(one) ?? []
    return address === undefined || id === undefined ? [] : [{ address, id }]
  })
  return vfioScript(devices) === text ? devices : null
}
