import { splitWords } from '../bootconfig/kernel-line.ts'
import type { Remedy } from '../changes/remedy.ts'
import type { Facts } from '../facts/facts.ts'
import { sysfbInitActs, videoOffActs } from '../knowledge/boot-framebuffer.ts'

const BLACKLISTED = /^initcall_blacklist=(?:[^,]+,)*sysfb_init(?:,|$)/
const VIDEO_OFF = /^video=(?:efifb|vesafb|simplefb):off\b/

/**
 * Keeps the boot framebuffer off the card: `initcall_blacklist=sysfb_init` in place of a `video=efifb:off` that does not act
 * (FACTS 2.2). Cured when /proc/iomem shows no framebuffer on the card; that the host loses its console there is a risk, no
 * reason to refuse: lanekeeper itself comes by SSH.
 */
export const freeFramebuffer: Remedy = {
  id: 'free-framebuffer',
  title: 'Keep the boot framebuffer off the card',
  wish: (facts, { devices }) => {
    const { cmdline, uname, iomem, 'grub-syntax': syntax } = facts
    if (!cmdline) return { refused: 'the kernel line could not be read' }
    if (cmdline.words.some((word) => BLACKLISTED.test(word))) {
      return {
        refused:
          'initcall_blacklist=sysfb_init is on the running line already, and the framebuffer is still on the card',
        hint: 'boot a kernel without simpledrm built in, or make another card the primary display in the firmware setup',
      }
    }
    const holders = (iomem ?? []).map(({ name }) => name)
    if (sysfbInitActs(uname, holders) !== true) {
      return {
        refused: `initcall_blacklist=sysfb_init is not known to keep the framebuffer away on ${uname === undefined ? 'this kernel, which could not be read' : `kernel ${uname}`}`,
        hint: 'make another card the primary display in the firmware setup',
      }
    }
    const values = Object.entries(syntax?.values ?? {}).flatMap(([key, value]) =>
      /^GRUB_CMDLINE_LINUX(_DEFAULT)?$/.test(key) ? splitWords(value) : [],
    )
    const spent = [...cmdline.words, ...values].filter((word) => VIDEO_OFF.test(word))
    const blind = losesOnlyScreen(facts, devices)
    return {
      title: 'Keep the boot framebuffer off the card',
      args: {
        add: ['initcall_blacklist=sysfb_init'],
        remove: videoOffActs(uname) === true ? [] : [...new Set(spent)],
      },
      risk: blind ? 2 : 1,
      risks: [
        'The host shows nothing on this card any more, from the boot menu on: neither boot messages nor a login.',
        ...(blind
          ? [
              'No other screen and no serial console of this node is known: if SSH fails, only a BMC or another boot entry is left.',
            ]
          : []),
      ],
    }
  },
  uncured: ({ iomem }, { devices }) => {
    if (!iomem) return ['whether the boot framebuffer still holds the card could not be read']
    return iomem
      .filter(({ device }) => device == null || devices.includes(device))
      .map(({ name, range }) => `the boot framebuffer still holds the card (${name} at ${range})`)
  },
}

/** Has the node no other graphics card than these, and no serial console on the line? What could not be read counts as none. */
function losesOnlyScreen({ cmdline, lspci }: Facts, devices: readonly string[]): boolean {
  const serial = (cmdline?.words ?? []).some((word) => /^console=(ttyS|ttyAMA|hvc)/.test(word))
  const other = (lspci ?? []).some((device) => device.class.startsWith('03') && !devices.includes(device.address))
  return !serial && !other
}
