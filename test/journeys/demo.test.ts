import { afterEach, beforeEach, expect, test } from 'vitest'
import { askFor, dataFolder, openRoom, type Room, shows } from './room.ts'

let data = dataFolder()
let room: Room
beforeEach(() => {
  data = dataFolder()
  room = openRoom({ data: data.path, cwd: data.path })
})
afterEach(async () => {
  await room.kill()
  data.remove()
})

const whisperTo = (name: string) => (event: { event: string; to?: string }) =>
  event.event === 'whisper' && event.to === `console:${name}`

test('a newcomer without a configuration: diagnosed, refused to the requester, approved, tried for one boot, kept', async () => {
  const { message, change, text } = await askFor(room, '/pcie diagnose node3')
  expect(text).toContain('rmrr-blocks-device')
  expect(text).toContain('+ GRUB_CMDLINE_LINUX_DEFAULT="quiet intel_iommu=on,relax_rmrr"')
  room.say(`+ ${message}`)
  expect((await room.until('the requester is answered', whisperTo('operator'))).card.text).toContain(
    'not on the approver list',
  )
  room.say('/as approver')
  room.say(`+ ${message}`)
  const done = await room.until('kept', shows('closed', change), 60)
  expect(done).toMatchObject({ message, card: { tone: 'ok' } })
  const states = room.events.filter((event) => event.message === message).map(({ card }) => card.state)
  expect([...new Set(states)]).toEqual(expect.arrayContaining(['proposed', 'rebooting', 'closed']))
  const rescue = room.events.findIndex(({ card }) => card.text.includes('undo.sh'))
  const reboot = room.events.findIndex(({ card }) => card.state === 'rebooting')
  expect(rescue).toBeGreaterThan(0)
  expect(rescue).toBeLessThan(reboot)
  expect(room.events.filter(({ channel }) => channel === 'incidents').length).toBeGreaterThan(2)

  room.say('/pcie diagnose node3')
  const again = await room.until(
    'the second diagnosis',
    (event) => event.event === 'edit' && /nothing wrong found/.test(event.card.title),
  )
  expect(again.card.asks).toBeUndefined()
  expect(await room.end()).toBe(0)
})

test('the other nodes of the demo say what is wrong, and only where software can help is a change proposed', async () => {
  const expected: Record<string, RegExp> = {
    node1: /iommu-off/,
    node2: /iommu-off-in-firmware/,
    node4: /rmrr-blocks-device/,
    node5: /group-holds-host-device/,
    node6: /wrong-boot-file/,
    node7: /nothing wrong found/,
  }
  for (const [node, says] of Object.entries(expected)) {
    room.say(`/pcie diagnose ${node}`)
    const { card } = await room.until(
      `the card of ${node}`,
      (event) => event.event === 'edit' && event.channel === 'ops' && event.card.title.startsWith(node),
    )
    expect(`${card.title}\n${card.text}`).toMatch(says)
    expect(card.asks, node).toBe(['node1', 'node6'].includes(node) ? 'approval' : undefined)
  }
})

test('all nodes, or those with a label, are looked at together: one line each, the same cause together, and kept in mind', async () => {
  room.say('/pcie diagnose all')
  const all = await room.until('the survey', ({ card }) => card.title.startsWith('all: 11 nodes'), 60)
  expect(all.event).toBe('edit')
  expect(all.card.title).toBe('all: 11 nodes, 9 broken, 1 at risk, 1 healthy')
  expect(all.card.text).toMatch(/broken: iommu-off – 2 nodes\n\n- node1: .*\n- node8: /)
  expect(room.events.some(({ channel }) => channel === 'incidents')).toBe(false)
  room.say('/pcie nodes')
  const nodes = await room.until('the list', ({ card }) => card.title === '11 nodes')
  expect(nodes.card.text).toMatch(/node3 .*✗ broken, rmrr-blocks-device, 20/)
  room.say('/pcie diagnose label:systemd-boot')
  await room.until('the label', ({ card }) => card.title === 'label:systemd-boot: 1 node, 1 broken')
  room.say('/pcie diagnose label:systemdboot')
  const no = await room.until('no such label', ({ card }) => card.text.includes('no node has the label'))
  expect(no.card.text).toContain('systemd-boot')
})

test('what is not understood is answered with what was expected', async () => {
  for (const [line, says] of [
    ['/pcie diagnose node33', /node3/],
    ['/pcie diagnos node3', /diagnose/],
    ['/pcie diagnose node3 vm:x', /vm:101/],
    ['/as nobody', /operator, approver/],
    ['+ m99', /no message m99/],
    ['hello', /expected/],
  ] as const) {
    const from = room.events.length
    room.say(line)
    const { card } = await room.until(`an answer to ${line}`, (event) => room.events.indexOf(event) >= from)
    expect(`${card.title}\n${card.text}`).toMatch(says)
  }
})

test('a guest that is not there gets no verdict, and no proposal', async () => {
  room.say('/pcie diagnose node3 vm:9999')
  const { card } = await room.until('the answer', (event) => event.card.text.includes('no guest 9999'))
  expect(card.text).toContain('qemu 101')
  expect(card.asks).toBeUndefined()
})

test('a second bot on the same data folder is refused, with the name of the first', async () => {
  await askFor(room, '/pcie diagnose node1')
  const second = openRoom({ data: data.path, cwd: data.path })
  expect(await second.end()).toBe(2)
  expect(second.log()).toMatch(/in use by process \d+/)
})
