import { chainOf } from '../boot/chains.ts'
import { lostEsp } from '../boot/gone-esps.ts'
import { differenceOf } from '../bootconfig/kernel-line.ts'
import type { Remedy } from '../changes/remedy.ts'
import { isRefusal } from '../errors.ts'
import { refreshAllEsps } from '../jobs/refresh-esps.ts'

/**
 * Brings every listed ESP up to what the others carry. Only where a refresh changes nothing of what boots: it also writes
 * whatever stands in the files by now, tried or not (FACTS 1.3).
 */
export const refreshEsps: Remedy = {
  id: 'refresh-esps',
  title: 'Refresh the boot partitions',
  wish: (facts) => {
    const tool = facts['boot-tool']
    if (!tool) return { refused: 'the boot partitions could not be read' }
    const lost = lostEsp(facts)
    if (lost) return lost
    const forecast = chainOf(facts)?.forecast(facts, { args: { add: [], remove: [] } })
    if (!forecast) return { refused: 'how this node boots is not known for sure' }
    if (isRefusal(forecast)) return forecast
    const { add, remove } = differenceOf(forecast.now, forecast.kept)
    if (add.length + remove.length > 0)
      return {
        refused: `a refresh would also change what the node boots with (${[...add, ...remove].join(' ')}), which has not been tried`,
        hint: 'see to the boot files first',
      }
    return {
      title: 'Refresh the boot partitions',
      args: { add: [], remove: [] },
      jobs: [refreshAllEsps],
      inPlace: true,
      risk: 1,
      risks: [],
    }
  },
  uncured: ({ 'boot-tool': tool }) => {
    if (!tool) return ['the boot partitions could not be read']
    const carried = tool.esps.map(({ loaders }) =>
      loaders
        .map(({ kind, versions }) => `${kind} ${versions.toSorted()}`)
        .toSorted()
        .join(),
    )
    return new Set(carried).size > 1 ? ['the boot partitions still are not alike'] : []
  },
}
