import type { Gate } from '../changes/gate.ts'

/** A kernel, GRUB or an initramfs whose package is half installed may be what boots next. */
export const packages: Gate = {
  id: 'packages',
  inPlace: true,
  closed: ({ facts: { upkeep } }) =>
    upkeep && upkeep.halfInstalled.length > 0
      ? {
          because: `packages are not wholly installed (${upkeep.halfInstalled.slice(0, 4).join(', ')})`,
          opens: 'run dpkg --configure -a, then apt -f install, on the node',
        }
      : null,
}
