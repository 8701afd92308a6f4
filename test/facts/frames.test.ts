import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { marks, readFrames, writeFrames } from '../../src/facts/frames.ts'

const nonce = '0b9d7c1e-5f3a-4b7e-9a55-1f2e3d4c5b6a'
const mark = marks(nonce)
const other = marks('ffffffff-5f3a-4b7e-9a55-1f2e3d4c5b6a')

const frame = fc.record({
  name: fc.stringMatching(/^[a-z][a-z-]{0,12}$/),
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(
      Buffer.from(''),
      Buffer.from('\n'),
      Buffer.from('\n\n'),
      Buffer.from('no newline'),
      Buffer.from(other.begin('x') + other.end('x', 0, 1) + other.done),
      Buffer.from('@lanekeeper 0b9d7c1e'),
    ),
  ),
  exit: fc.nat(255),
  ms: fc.nat(60_000),
})

describe('frames', () => {
  it('bring any bytes back as they were', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), (frames) => {
        expect(readFrames(nonce, writeFrames(nonce, frames))).toEqual(frames)
      }),
    )
  })

  it('skip what a login script says before them and after', () => {
    const frames = [{ name: 'uname', bytes: Buffer.from('6.8.12-4-pve\n'), exit: 0, ms: 4 }]
    const stream = Buffer.concat([Buffer.from('Welcome!\r\n'), writeFrames(nonce, frames), Buffer.from('bye\n')])
    expect(readFrames(nonce, stream)).toEqual(frames)
  })

  it('are nothing when the stream was cut, wherever', () => {
    const frames = [
      { name: 'uname', bytes: Buffer.from('6.8.12-4-pve\n'), exit: 0, ms: 4 },
      { name: 'cmdline', bytes: Buffer.from(other.done), exit: 0, ms: 4 },
    ]
    const whole = writeFrames(nonce, frames)
    for (let at = 0; at < whole.length; at++)
      expect(readFrames(nonce, whole.subarray(0, at)), `cut at ${at}`).toBeNull()
    expect(readFrames(nonce, whole)).toHaveLength(2)
  })

  it('without an end of their own go as far as the next mark, and were killed', () => {
    const stream = `${mark.begin('a')}flood${mark.begin('b')}x${mark.end('b', 0, 2)}${mark.begin('c')}${mark.end('c', 1, 2)}${mark.begin('d')}${mark.done}`
    const read = readFrames(nonce, Buffer.from(stream))
    expect(read?.map(({ name, bytes, exit }) => [name, `${bytes}`, exit])).toEqual([
      ['a', 'flood', 137],
      ['b', 'x', 0],
      ['c', '', 1],
      ['d', '', 137],
    ])
  })

  it('are nothing when an end mark is not what it should be', () => {
    const broken = `${mark.begin('uname')}x\n@lanekeeper ${nonce} end uname ? ?\n${mark.done}`
    expect(readFrames(nonce, Buffer.from(broken))).toBeNull()
  })
})
