import { defineRule } from '../diagnosis/rule.ts'

/** FACTS 9.4: no source makes UEFI of the host a requirement for VFIO. */
export const legacyBios = defineRule({
  id: 'legacy-bios',
  title: 'The host was booted in legacy BIOS mode',
  why: 'The host was started without EFI. That is not a cause of passthrough trouble: what matters for graphics cards is the firmware of the guest (OVMF), not that of the host.',
  fix: 'Leave it as it is: switching an installed node to UEFI can make it unbootable. Give the guest OVMF where a graphics card is passed through, and choose UEFI at the next installation.',
  links: [
    'https://pve.proxmox.com/pve-docs/chapter-sysadmin.html#sysboot',
    'https://pve.proxmox.com/wiki/PCI_Passthrough',
  ],
  needs: ['firmware'],
  check: ({ firmware }) => {
    if (firmware.efi === null) return { unknown: ['firmware'] }
    if (firmware.efi) return 'ok'
    return { severity: 'notice', devices: [], evidence: [{ saw: 'efi: no', probe: 'firmware' }], remedies: [] }
  },
})
