import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Capture } from '../../src/facts/capture.ts'
import { captureFile, readCaptureFile } from '../../src/facts/capture-file.ts'
import { probes } from '../../src/facts/probes.ts'

const names = probes.map(({ name }) => name)
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('@lanekeeper x begin cmdline\n'), fc.constant(''))
const taken = fc.record({ exit: fc.constantFrom(0, 1, null), ms: fc.nat(), cut: fc.boolean(), text })
const captures: fc.Arbitrary<Capture> = fc.record({
  node: fc.option(fc.string()),
  takenAt: fc.option(fc.constant('2026-11-22T09:00:00Z')),
  probes: fc.dictionary(fc.constantFrom(...names), taken, { noNullPrototype: true }),
})

test('whatever the probes printed comes back as it was', () => {
  fc.assert(
    fc.property(captures, (capture) => {
      expect(readCaptureFile(captureFile(capture), 'x')).toEqual(capture)
    }),
  )
})

describe('is refused, with what to do', () => {
  const whole = captureFile({ node: 'node3', takenAt: null, probes: { uname: { exit: 0, text: '6.8.12-4-pve' } } })
  test.each([
    ['another file', Buffer.from('hello\n'), /expected a first line/],
    ['nothing', Buffer.alloc(0), /expected a first line/],
    ['one without its end', whole.subarray(0, whole.length - 5), /cut off/],
    ['one without its index', Buffer.from(whole.toString().replaceAll('capture.json', 'other.json')), /cut off/],
    ['one whose index is no JSON', Buffer.from(whole.toString().replace('{"node"', '{node')), /how its probes ended/],
  ])('%s', (_, bytes, says) => {
    expect(() => readCaptureFile(bytes, 'the-file')).toThrow(says)
  })
})
