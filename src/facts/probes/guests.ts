import { z } from 'zod'
import { withDomain } from '../address.ts'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { isRefusal, lines } from '../text.ts'

/**
 * Guests of this node as configured (snapshots and pending sections left out). `addresses` are as written, domain added: a
 * BDF, or a slot without function for all functions. `id` is 0, and `node` null, where the text of a single `qm config`
 * does not show it.
 */
export const Guests = z.array(
  z.object({
    id: z.number().int(),
    node: z.string().nullish(),
    kind: z.enum(['qemu', 'lxc']),
    name: z.string().nullable(),
    onboot: z.boolean(),
    config: z.record(z.string(), z.string()),
    hostpci: z.array(
      z.object({
        key: z.string(),
        addresses: z.array(z.string()),
        mapping: z.string().nullable(),
        options: z.record(z.string(), z.string()),
      }),
    ),
  }),
)
export type Guests = z.infer<typeof Guests>

export const guests = defineProbe({
  name: 'guests',
  snippet: snippetFile('guests'),
  maxBytes: 2 * 1024 * 1024,
  schema: Guests,
  parse,
})

type Guest = Guests[number]

function parse(text: string): Guests {
  const guests = new Map<string, { guest: Guest; live: boolean }>()
  for (const raw of lines(text)) {
    if (isRefusal(raw)) throw new NotLearned(`could not look: ${raw.trim()}`)
    const [all = '', kind, id] = /^\/\S{1,200}?\/(qemu-server|lxc)\/(\d{1,9})\.conf:/.exec(raw) ?? []
    const node = /\/nodes\/([^/\s]+)\/(?:qemu-server|lxc)\//.exec(all)?.[1] ?? null
    const open = guests.get(all) ?? { guest: empty(kind === 'lxc' ? 'lxc' : 'qemu', Number(id ?? 0), node), live: true }
    const line = raw.slice(all.length)
    // A section is a snapshot or a change that waits; the guest itself stands before the first one.
    if (/^\[/.test(line)) open.live = false
    const [, key, value] = /^([A-Za-z][\w.-]*)\s*[:=](.*)$/.exec(line) ?? []
    if (key !== undefined && value !== undefined && open.live) open.guest.config[key] = value.trim()
    if (all || key !== undefined) guests.set(all, open)
  }
  if (guests.size > 1) guests.delete('')
  if (guests.size === 0 && text.trim() !== '') throw new NotLearned('no guest configuration in it')
  return [...guests.values()].map(({ guest }) => finished(guest))
}

const empty = (kind: Guest['kind'], id: number, node: string | null): Guest => ({
  id,
  node,
  kind,
  name: null,
  onboot: false,
  config: {},
  hostpci: [],
})

function finished(guest: Guest): Guest {
  const { config } = guest
  return {
    ...guest,
    name: config.name ?? config.hostname ?? null,
    onboot: isOn(config.onboot),
    hostpci:
      guest.kind === 'lxc'
        ? []
        : Object.entries(config).flatMap(([key, value]) => (/^hostpci\d+$/.test(key) ? [hostpci(key, value)] : [])),
  }
}

/** Is a switch of a guest's configuration on? Proxmox takes 1, on, yes and true (FACTS 5.3). */
export const isOn = (value: string | undefined): boolean => /^(?:1|on|yes|true)$/i.test(value ?? '')

function hostpci(key: string, value: string): Guest['hostpci'][number] {
  const options: Record<string, string> = {}
  for (const part of value.split(',').map((each) => each.trim())) {
    const equals = part.indexOf('=')
    if (equals === -1) options.host ??= part
    else options[part.slice(0, equals)] = part.slice(equals + 1)
  }
  const { host = '', mapping = null, ...rest } = options
  return { key, addresses: host.split(';').filter(Boolean).map(withDomain), mapping, options: rest }
}
