import {
  canBeFreed,
  type HeldByFramebuffer,
  heldByFramebuffer,
  holdersOf,
  simpleTookOver,
} from '../diagnosis/boot-framebuffer.ts'
import { keyOf, tokensOf, valuesOf } from '../diagnosis/kernel-line.ts'
import { type Answer, defineRule, type Evidence } from '../diagnosis/rule.ts'
import type { Facts } from '../facts/facts.ts'
import { sysfbInitActs, videoOffActs } from '../knowledge/boot-framebuffer.ts'

/** A word that does nothing here, and what shows it. `about`: what would have to be so for it to act. */
interface Void {
  readonly word: string
  readonly about: 'framebuffer' | 'iommu' | 'comma'
  readonly evidence: readonly Evidence[]
}

/** What the x86 kernel takes in `iommu=`; anything else it passes over without a word (FACTS 2.2). */
const iommuValues =
  /^(off|force|noforce|biomerge|panic|nopanic|merge|nomerge|forcesac|allowdac|nodac|usedac|soft|pt|nopt)/

/** FACTS 2.2. What /proc/iomem and the log show decides; the table of kernels only where they say nothing. */
export const argumentWithoutEffect = defineRule({
  id: 'argument-without-effect',
  title: 'A kernel argument does nothing here',
  why: 'The argument is live and well spelt, but on this kernel nothing listens to it: video=efifb:off does not reach simplefb or simpledrm, names behind a comma in video= are not read, iommu=on is no value, and initcall_blacklist=sysfb_init does not stop every build of simpledrm.',
  fix: 'Put the argument that works in its place (initcall_blacklist=sysfb_init for the boot framebuffer, a video= of its own for each driver), or drop it when the line is edited for another reason.',
  links: [
    'https://docs.kernel.org/admin-guide/kernel-parameters.html',
    'https://docs.kernel.org/fb/modedb.html',
    'https://github.com/siderolabs/talos/issues/14356',
  ],
  remedies: ['correct-argument', 'drop-argument', 'free-framebuffer'],
  needs: ['cmdline'],
  mutedBy: ['iommu-off-in-firmware'],
  check: (facts, target): Answer => {
    const { words } = facts.cmdline
    const held = heldByFramebuffer(facts, target)
    const [video, sysfb] = [words.filter(isVideoOff), words.filter(isSysfbInit)]
    const found = [
      ...words.filter(isVoidIommu).map((word): Void => ({ word, about: 'iommu', evidence: [] })),
      ...video.flatMap((word) => voidVideo(facts, held, word)),
      ...sysfb.flatMap((word) => voidSysfb(facts, word)),
    ]
    if (found.length === 0) {
      if (video.length + sysfb.length === 0) return 'ok'
      const missing = (['iomem', 'kernel-log', 'uname'] as const).filter((probe) => facts[probe] === undefined)
      if (missing.length > 0) return { unknown: missing }
      return facts['kernel-log']?.reachesBoot ? 'ok' : { unknown: ['kernel-log'] }
    }
    const rests = held.devices.length > 0 && found.some(({ about }) => about !== 'iommu')
    return {
      severity: rests ? 'warning' : 'notice',
      devices: rests ? held.devices : [],
      says: `${found.map(({ word }) => `"${word}"`).join(' ')} ${found.length > 1 ? 'are' : 'is'} live and ${found.length > 1 ? 'do' : 'does'} nothing here${rests ? `, and the boot framebuffer is still on ${held.devices.join(', ')}` : ''}.`,
      evidence: [
        ...found.map(({ word }): Evidence => ({ saw: word, probe: 'cmdline' })),
        ...distinct([
          ...(rests ? held.evidence : []),
          ...found.flatMap(({ evidence }) => evidence).filter(({ probe }) => !rests || probe !== 'iomem'),
        ]),
      ],
      ...cure(facts, found, rests),
    }
  },
})

/** Where a card rests on it: the argument that works, if there is one. Otherwise the words go, or are parted at the comma. */
function cure(facts: Facts, found: readonly Void[], rests: boolean) {
  if (rests) return { remedies: canBeFreed(facts) ? ['free-framebuffer'] : [] }
  const add = found.flatMap(({ word, about }) => (about === 'comma' ? partsOf(word) : otherInitcalls(word)))
  return {
    remedies: add.length > 0 ? ['correct-argument'] : ['drop-argument'],
    suggests: { add, remove: found.map(({ word }) => word) },
  }
}

/** What else the word keeps from starting stays. */
const otherInitcalls = (word: string): string[] => {
  const others = tokensOf([word], 'initcall_blacklist').filter((name) => name !== 'sysfb_init')
  return others.length > 0 ? [`initcall_blacklist=${others.join(',')}`] : []
}

const isVideoOff = (word: string): boolean => keyOf(word) === 'video' && /\b(efifb|vesafb|simplefb):off\b/.test(word)
const isSysfbInit = (word: string): boolean => tokensOf([word], 'initcall_blacklist').includes('sysfb_init')
const isVoidIommu = (word: string): boolean => {
  const values = tokensOf([word], 'iommu')
  return values.length > 0 && values.every((value) => !iommuValues.test(value))
}
/** `video=efifb:off,vesafb:off` is one option of efifb to the kernel: a video= for each driver is what was meant. */
const partsOf = (word: string): string[] =>
  (valuesOf([word], 'video')[0] ?? '')
    .split(',')
    .flatMap((part) => (/^(efifb|vesafb):off$/.test(part) ? [`video=${part}`] : []))

function voidVideo(facts: Facts, held: HeldByFramebuffer, word: string): Void[] {
  const simple = (facts.iomem ?? []).filter(({ name }) => /BOOTFB|simple/.test(name))
  const evidence: Evidence[] = [
    ...simple.map(({ range, name }): Evidence => ({ saw: `${range} : ${name}`, probe: 'iomem' })),
    ...simpleTookOver(facts),
    ...(held.refused ? held.evidence : []),
    ...(videoOffActs(facts.uname) === false && facts.uname !== undefined
      ? [{ saw: facts.uname, probe: 'uname' as const }]
      : []),
  ]
  if (evidence.length > 0) return [{ word, about: 'framebuffer', evidence }]
  return word.includes(',') && partsOf(word).length > 1 ? [{ word, about: 'comma', evidence: [] }] : []
}

/** Live, and yet a framebuffer came up. */
function voidSysfb(facts: Facts, word: string): Void[] {
  const evidence: Evidence[] = [
    ...(facts.iomem ?? []).map(({ range, name }): Evidence => ({ saw: `${range} : ${name}`, probe: 'iomem' })),
    ...simpleTookOver(facts),
    ...(sysfbInitActs(facts.uname, holdersOf(facts)) === false && facts.uname !== undefined
      ? [{ saw: facts.uname, probe: 'uname' as const }]
      : []),
  ]
  return evidence.length > 0 ? [{ word, about: 'framebuffer', evidence }] : []
}

const distinct = (all: readonly Evidence[]): Evidence[] =>
  all.filter((one, at) => all.findIndex(({ saw }) => saw === one.saw) === at)
