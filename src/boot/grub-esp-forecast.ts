import { byNewest, isProxmoxKernel } from '../bootconfig/entry-order.ts'
import { isRefusal, type Refusal } from '../errors.ts'
import type { Facts } from '../facts/facts.ts'
import type { Forecast, TrialMechanism, Wanted } from './chain.ts'
import { lostEsp } from './gone-esps.ts'
import { grubForecast } from './grub-forecast.ts'

/** GRUB names the image as it finds it: at the top of the ESP, where proxmox-boot-tool puts it, and below /boot otherwise (FACTS 1.2). */
export function bootsByGrubOnEsp({ cmdline, 'boot-tool': tool }: Facts): boolean | null {
  if (!cmdline) return null
  const image = cmdline.words.find((word) => word.startsWith('BOOT_IMAGE='))
  if (!image) return cmdline.words.some((word) => /^initrd=\\EFI/i.test(word)) ? false : null
  if (!/^BOOT_IMAGE=(\([^)]*\))?\/vmlinuz-/.test(image)) return false
  return tool ? tool.managed : null
}

/** What a change means on a node that GRUB boots from an ESP: the edit of GRUB's defaults, and a refresh that writes every ESP. */
export function grubEspForecast(facts: Facts, wanted: Wanted): Forecast | Refusal {
  const tool = facts['boot-tool']
  if (!tool) return { refused: 'what proxmox-boot-tool keeps could not be read' }
  const lost = lostEsp(facts)
  if (lost) return lost
  const other = tool.esps.find(({ loaders }) => !loaders.some(({ kind }) => kind === 'grub'))
  if (other || tool.esps.length === 0) {
    return {
      refused: other
        ? `the ESP ${other.uuid} is not set up for GRUB, which started this boot`
        : 'proxmox-boot-tool shows no ESP that it keeps',
      hint: 'look at "proxmox-boot-tool status", and set the ESP up again with "proxmox-boot-tool init"',
    }
  }
  const saved = facts['grub-env']?.grubDefault === 'saved'
  if (saved) return { refused: 'GRUB_DEFAULT is "saved", and what each ESP has saved is for a person to say' }
  const forecast = grubForecast({ ...facts, ...withoutVariables(facts) }, wanted)
  if (isRefusal(forecast)) return forecast
  const refreshed = wanted.kernel === undefined ? startedByRefresh(facts, forecast.kernel) : undefined
  if (refreshed !== undefined)
    return {
      refused: `the ESPs start kernel ${forecast.kernel}, and a refresh would make that ${refreshed}`,
      hint: 'look at "proxmox-boot-tool kernel list" and "proxmox-boot-tool status"; run "proxmox-boot-tool refresh", or change the pin, then diagnose again',
    }
  return { ...forecast, commands: ['proxmox-boot-tool refresh'], trial: mechanismOf(facts, tool.esps[0]?.uuid ?? '') }
}

/** Another kernel that a refresh would make the ESPs start: the pinned one, else one as new or newer that has not come to every ESP. */
function startedByRefresh({ kernels, 'boot-tool': tool, 'grub-env': env }: Facts, now: string): string | undefined {
  if (!kernels || !tool) return
  if (kernels.pinned !== null) return kernels.pinned === now ? undefined : kernels.pinned
  if (!['', '0'].includes(env?.grubDefault ?? '')) return
  const isEverywhere = (release: string) =>
    tool.esps.every(({ loaders }) =>
      loaders.some(({ kind, versions }) => kind === 'grub' && versions.includes(release)),
    )
  const base = (release: string) => release.split('-pve')[0] ?? release
  return kernels.installed
    .filter(isProxmoxKernel)
    .find((release) => release !== now && !isEverywhere(release) && byNewest(base(release), base(now)) <= 0)
}

/** The environment block of /boot/grub is not the one that GRUB reads here; those of the ESPs are read before a trial is armed. */
function withoutVariables({ 'grub-env': env }: Facts): Facts {
  return env ? { 'grub-env': { ...env, variables: {} } } : {}
}

/** GRUB can write to the FAT of an ESP, also under Secure Boot (FACTS 1.5, 1.6). */
function mechanismOf({ 'grub-env': env, 'boot-loader': loader }: Facts, uuid: string): TrialMechanism | Refusal {
  if (!env || !loader) return { refused: 'what GRUB can write could not be read' }
  const lacks = ['grub-editenv', 'grub-script-check'].filter((tool) => !env.tools.includes(tool))
  if (lacks.length > 0) return { refused: `the node lacks ${lacks.join(' and ')}` }
  const there = loader.esps.some((esp) => esp.uuid === uuid && esp.fs === 'vfat')
  return there ? { kind: 'flag', on: 'esp', uuid } : { refused: `the ESP ${uuid} is not there, or not FAT` }
}
