import type { Gate } from '../changes/gate.ts'
import { isStarting } from '../changes/gates.ts'

/** A node on its way up or down is not what it will be in a minute. */
export const ownBoot: Gate = {
  id: 'own-boot',
  inPlace: false,
  closed: ({ facts }) => {
    if (isStarting(facts)) return { because: 'the node is still starting', opens: 'it opens by itself once it is up' }
    if (facts.health?.system === 'stopping')
      return { because: 'the node is shutting down', opens: 'diagnose again once it is up' }
    return null
  },
}
