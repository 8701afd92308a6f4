import type { Refusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import { missingEsp } from '../facts/probes/boot-tool.ts'
import type { ActAnswers } from './act-script.ts'

export const CLEAN = 'replace the disk, or take it off the list with "proxmox-boot-tool clean", then diagnose again'

const isGone = (uuid: string): string => `the ESP ${uuid}, which proxmox-boot-tool keeps, is not there`

/** The ESPs that acts could not find or mount, in sentences. */
export const goneEsps = ({ gone }: ActAnswers): readonly string[] => [...new Set(gone)].map(isGone)

/** Says no where proxmox-boot-tool itself says that an ESP it keeps is not there. */
export function lostEsp({ 'boot-tool': tool }: Facts): Refusal | undefined {
  const [uuid] = tool?.warnings.flatMap((line) => missingEsp(line) ?? []) ?? []
  return uuid === undefined ? undefined : { refused: isGone(uuid), hint: CLEAN }
}
