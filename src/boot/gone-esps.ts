import type { Refusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import { missingEsp } from '../facts/probes/boot-tool.ts'
import type { ActAnswers } from './act-script.ts'

const lost = (why: string): string => `an ESP that proxmox-boot-tool keeps cannot be had: ${why}`
const hint =
  'look at the disk; one that is gone for good is taken off the list with "proxmox-boot-tool clean"; then diagnose again'

/** The ESPs that acts could not find or mount, in sentences. */
export const goneEsps = ({ gone }: ActAnswers): readonly string[] => [...new Set(gone)].map(lost)

/** Says no where acts could not find or mount an ESP. */
export function refuseGone(seen: ActAnswers): Refusal | undefined {
  const [refused] = goneEsps(seen)
  return refused === undefined ? undefined : { refused, hint }
}

/** Says no where proxmox-boot-tool itself says that an ESP it keeps is not there, or cannot be mounted. */
export function lostEsp({ 'boot-tool': tool }: Facts): Refusal | undefined {
  const [missing] = tool?.warnings.flatMap((line) => missingEsp(line) ?? []) ?? []
  if (missing === undefined) return
  const { uuid, why } = missing
  const says = why === 'absent' ? `no file system with the UUID ${uuid}` : `the file system ${uuid} cannot be mounted`
  return { refused: lost(says), hint }
}
