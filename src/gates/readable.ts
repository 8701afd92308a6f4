import type { Gate } from '../changes/gate.ts'

/** The trial is judged by what is different afterwards, so all of that has to be read before. */
export const readable: Gate = {
  id: 'readable',
  inPlace: true,
  closed: ({ facts }) => {
    const unread = [
      ...(facts.health ? [] : ['the state of NICs, mounts and units']),
      ...(facts['pci-sysfs'] ? [] : ['the PCI devices']),
      ...(facts.running && facts.guests ? [] : ['the guests of the node']),
    ]
    if (unread.length === 0) return null
    return {
      because: `${unread.join(' and ')} could not be read, so the result could not be checked`,
      opens: '/pcie diagnose says why; see that the bot may read it (sudo, rights)',
    }
  },
}
