import { inflateSync } from 'node:zlib'
import { Resvg } from '@resvg/resvg-js'
import { describe, expect, test } from 'vitest'
import { pngOf } from '../../src/topology/png.ts'
import { topologySvg } from '../../src/topology/svg.ts'
import { clipped, folded, widthOf, xml } from '../../src/topology/svg-parts.ts'
import { topologyOf } from '../../src/topology/topology.ts'
import { NODES } from './golden-nodes.ts'
import { largeServer, pictured } from './nodes.ts'

/** Width, height and raw bytes of a PNG with eight bits a channel. */
function read(png: Uint8Array) {
  const view = Buffer.from(png)
  const data: Buffer[] = []
  for (let at = 8; at < view.length; at += view.readUInt32BE(at) + 12)
    if (view.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(view.subarray(at + 8, at + 8 + view.readUInt32BE(at)))
  return { width: view.readUInt32BE(16), height: view.readUInt32BE(20), bytes: inflateSync(Buffer.concat(data)) }
}

const textsOf = (svg: string) => [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" font-size="(\d+)"[^>]*>([^<]*)</g)]

describe('the picture', () => {
  test.each(NODES)('looks as it was reviewed: %s', async (name, topology) => {
    const svg = topologySvg(await topology())
    await expect(svg).toMatchFileSnapshot(`golden/${name}.svg`)
    const { width, height, bytes } = read(await pngOf(svg))
    expect(width).toBe(1000)
    expect(height).toBe(Number(/height="(\d+)"/.exec(svg)?.[1]))
    expect(new Set(bytes).size).toBeGreaterThan(100)
  })

  test.each(NODES)('can be read on a telephone: %s', async (_, topology) => {
    const texts = textsOf(topologySvg(await topology()))
    expect(texts.length).toBeGreaterThan(20)
    expect(Math.min(...texts.map(([, , , size]) => Number(size)))).toBeGreaterThanOrEqual(14)
  })

  test('draws letters, not boxes without any', async () => {
    const picture = (words: string) =>
      pngOf(
        `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><text x="2" y="30" font-size="24" font-family="DejaVu Sans">${words}</text></svg>`,
      )
    const drawn = await Promise.all(['', 'group 1', 'group 7'].map(picture))
    expect(new Set(drawn.map((png) => Buffer.from(png).toString('base64'))).size).toBe(3)
  })

  test('says every mark in words', async () => {
    const svg = topologySvg(pictured(largeServer(1), { kind: 'vm', id: 300 }))
    for (const words of [
      'BLOCKER group-holds-host-device',
      'HOST disk /',
      'GUEST vm 300 nas, stopped, starts at boot',
      'TARGET vm:300',
      'group 0',
    ])
      expect(svg).toContain(`>${words}</text>`)
  })

  test('of hundreds of devices holds as many as it is told, and counts the others', () => {
    const topology = pictured(largeServer(30))
    for (const most of [4, 20, 60]) {
      const svg = topologySvg(topology, most)
      const addresses = textsOf(svg).filter(([, , , , text]) => /^[0-9a-f]{2}:[0-9a-f]{2}\.\d$/.test(text ?? ''))
      expect(addresses.length).toBeLessThanOrEqual(most)
      expect(svg).toContain(`… ${30 * 34 + 3 - addresses.length} more devices left out`)
    }
  })

  test('says of a group in several places where the others are', async () => {
    const [, rmrr] = NODES.find(([name]) => name === 'rmrr') ?? []
    const topology = await rmrr?.()
    if (!topology) throw new Error('no node')
    const server = largeServer(1)
    const svg = topologySvg(
      topologyOf({ ...server, 'iommu-groups': [{ id: 9, devices: ['0000:00:01.0', '0000:81:00.0'] }] }, null),
    )
    expect(svg).toContain('also 81:00.0')
    expect(svg).toContain('also 00:01.0')
  })
})

describe('text in the picture', () => {
  test.each([
    ['markup', '<script>alert("1" & 2)</script>', '&lt;script&gt;alert(&quot;1&quot; &amp; 2)&lt;/script&gt;'],
    ['the end of a CDATA section', ']]>', ']]&gt;'],
    ['control characters and line ends', 'a\u0000b\n\tc\u001b[31m', 'a b c [31m'],
    ['half a surrogate pair', 'a\ud800b', 'a\ufffdb'],
    ['characters that are none', 'a\ufffeb\uffff', 'a b'],
    ['marks that turn the direction', 'a\u202eb', 'a b'],
  ])('is harmless: %s', (_, text, safe) => expect(xml(text)).toBe(safe))

  test.each(['sans', 'bold', 'mono'] as const)('is never wider than it is thought to be: %s', (face) => {
    const family = face === 'mono' ? 'DejaVu Sans Mono' : 'DejaVu Sans'
    const fonts = ['DejaVuSans', 'DejaVuSans-Bold', 'DejaVuSansMono-Bold'].map(
      (name) => `node_modules/dejavu-fonts-ttf/ttf/${name}.ttf`,
    )
    const samples = [
      'Broadcom / LSI SAS2008 PCI-Express Fusion-MPT SAS-2 [Falcon]',
      'The host needs 00:17.0 for disk /, which goes to the guest.',
      ...Array.from({ length: 95 }, (_, code) => String.fromCharCode(32 + code)).flatMap((sign) =>
        sign === ' ' ? [] : [`M${sign.repeat(20)}M`],
      ),
    ]
    for (const sample of samples) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="3000" height="60"><text x="0" y="40" font-size="20" font-family="${family}" font-weight="${face === 'sans' ? 'normal' : 'bold'}">${xml(sample)}</text></svg>`
      const box = new Resvg(svg, { font: { loadSystemFonts: false, fontFiles: fonts } }).getBBox()
      expect([sample, (box?.width ?? 0) <= widthOf(sample, { size: 20, face })]).toEqual([sample, true])
    }
  })

  test('is cut to its room with a sign, and broken at words', () => {
    const style = { size: 20, face: 'sans' } as const
    expect(clipped('short', 500, style)).toBe('short')
    expect(clipped('much too long for so little room', 120, style)).toMatch(/^much.*…$/)
    expect(widthOf(clipped('much too long for so little room', 120, style), style)).toBeLessThanOrEqual(120)
    expect(folded('one two three', 1000, style, 3)).toEqual(['one two three'])
    const lines = folded('one two three four five six seven eight nine ten', 150, style, 2)
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/…$/)
  })
})
