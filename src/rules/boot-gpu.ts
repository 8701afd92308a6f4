import { naming } from '../diagnosis/devices.ts'
import { isBootVga, isDisplay, isDisplayAt } from '../diagnosis/displays.ts'
import { valuesOf } from '../diagnosis/kernel-line.ts'
import { defineRule, type Evidence } from '../diagnosis/rule.ts'
import { targetDevices } from '../diagnosis/target-devices.ts'
import type { Facts } from '../facts/facts.ts'

/** PEERS, pitfall 18: with the only screen in a guest, a node that does not come up has to be seen through serial or the BMC. */
export const bootGpu = defineRule({
  id: 'boot-gpu',
  title: 'The only screen of the host goes to a guest',
  why: 'The firmware shows its screen on this card, and the node has no other. When the guest takes it, the host’s console goes dark, and boot messages can no longer be read there; the firmware may also leave the card in a state that a guest’s driver does not expect.',
  fix: 'Make sure that the node can be reached otherwise (SSH, a BMC, or a serial console by console=ttyS0,115200), or switch on the onboard graphics in the firmware setup and make it the primary display. Give the guest OVMF, and a romfile where the screen stays black.',
  links: ['https://pve.proxmox.com/wiki/PCI_Passthrough', 'https://docs.kernel.org/admin-guide/serial-console.html'],
  needs: ['lspci'],
  check: (facts, target) => {
    const { devices, unknown } = targetDevices(facts, target)
    const others = facts.lspci.filter((device) => isDisplay(device) && !devices.includes(device.address))
    const screens = devices.filter((address) => isBootVga(facts, address) && isDisplayAt(facts, address) !== false)
    if (screens.length === 0) {
      if (unknown.length > 0) return { unknown }
      const cards = devices.filter((address) => isDisplayAt(facts, address) !== false)
      if (cards.some((address) => isBootVga(facts, address) === null)) return { unknown: ['pci-sysfs'] }
      return 'ok'
    }
    if (others.length > 0) return 'ok'
    const [console] = valuesOf(facts.cmdline?.words ?? [], 'console').filter((value) =>
      /^(ttyS|ttyAMA|hvc)/.test(value),
    )
    return {
      severity: console === undefined ? 'warning' : 'notice',
      devices: screens,
      says: `${screens.map((address) => naming(facts, address)).join(', ')} is the only screen of the host and goes to a guest${console === undefined ? '' : `; the serial console ${console} is left`}.`,
      evidence: screens.map((address) => evidenceOf(facts, address)),
      remedies: [],
    }
  },
})

const evidenceOf = (facts: Facts, address: string): Evidence =>
  facts['pci-sysfs']?.some((device) => device.address === address && device.bootVga)
    ? { saw: `${address} boot_vga=1, and no other graphics card`, probe: 'pci-sysfs' }
    : { saw: `console boot_vga ${address}`, probe: 'host-devices' }
