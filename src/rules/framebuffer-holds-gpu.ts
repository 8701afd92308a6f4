import { canBeFreed, heldByFramebuffer, holdersOf, sysfbInitIsLive } from '../diagnosis/boot-framebuffer.ts'
import { naming } from '../diagnosis/devices.ts'
import { defineRule } from '../diagnosis/rule.ts'

/** FACTS 2.2 and message K-BAR: the firmware's screen stays a framebuffer of the host, and a guest cannot have that memory. */
export const framebufferHoldsGpu = defineRule({
  id: 'framebuffer-holds-gpu',
  title: 'The boot framebuffer holds the graphics card',
  why: 'The kernel goes on using the screen that the firmware had set up (BOOTFB in /proc/iomem), so a part of the card’s memory is not free for the guest: it stays black, or its driver fails, although vfio-pci has the card.',
  fix: 'Add initcall_blacklist=sysfb_init in place of video=efifb:off, which does nothing where simplefb or simpledrm has the screen; the host then shows nothing on that card. Where that argument is live and the framebuffer is still there, boot a kernel without simpledrm built in, or choose another card (the onboard one) as the primary display in the firmware setup.',
  links: [
    'https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git/tree/drivers/firmware/sysfb.c',
    'https://pve.proxmox.com/wiki/PCI_Passthrough',
    'https://github.com/siderolabs/talos/issues/14356',
  ],
  remedies: ['free-framebuffer'],
  needs: [],
  mutedBy: ['device-gone-dead'],
  check: (facts, target) => {
    const { devices, evidence, refused, unknown } = heldByFramebuffer(facts, target)
    if (devices.length === 0) return unknown.length > 0 ? { unknown } : 'ok'
    const names = devices.map((address) => naming(facts, address)).join(', ')
    const holder = holdersOf(facts).length > 0 ? ` (${holdersOf(facts).join(', ')})` : ''
    const spent = sysfbInitIsLive(facts) ? '; initcall_blacklist=sysfb_init is live and does not keep it away' : ''
    return {
      severity: refused ? 'blocker' : 'warning',
      devices,
      says: refused
        ? `The boot framebuffer${holder} holds memory of ${names}, so the kernel cannot reserve it for the guest${spent}.`
        : `The boot framebuffer${holder} of the host sits on ${names}, which is meant for a guest${spent}.`,
      evidence,
      remedies: canBeFreed(facts) ? ['free-framebuffer'] : [],
    }
  },
})
