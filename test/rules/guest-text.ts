import type { Facts } from '../../src/facts/facts.ts'
import { learn } from '../../src/facts/learn.ts'
import type { ProbeName } from '../../src/facts/probes.ts'

/** What a probe makes of a text. */
export const read = (name: ProbeName, text: string): Facts =>
  learn({ node: null, takenAt: null, probes: { [name]: { exit: 0, text } } }).facts

const whole = { cores: '4', memory: '8192', ostype: 'l26' }

/** Guests as their files have them, by number; lines that are set to null are left out of an ordinary guest's. */
export const conf = (guests: Readonly<Record<number, Readonly<Record<string, string | null>>>>): Facts =>
  read(
    'guests',
    Object.entries(guests)
      .flatMap(([id, lines]) =>
        Object.entries({ ...whole, ...lines }).flatMap(([key, value]) =>
          value === null ? [] : [`/etc/pve/nodes/node1/qemu-server/${id}.conf:${key}: ${value}`],
        ),
      )
      .join('\n'),
  )

/** The guests that run. */
export const runs = (...ids: number[]): Facts => ({ running: ids.map((id) => ({ kind: 'qemu', id })) })
