import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Scenario, scenarios } from '../../../src/simulator/scenario.ts'
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts'
import { createHostKeyFile } from '../../../src/store/host-key-file.ts'
import { dataFolder, openRoom, type Room } from '../../journeys/room.ts'
import { tool } from '../../tool.ts'
import { PEOPLE } from './browser.ts'

/** Run in the browser, on an element; its types are not those of this machine. */
const hasFocus = (element: unknown): boolean =>
  (element as { ownerDocument: { activeElement: unknown } }).ownerDocument.activeElement === element
const widthOf = (image: unknown): number => (image as { naturalWidth: number }).naturalWidth
const CHROMIUM = '/usr/bin/chromium'
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Where pictures of the journeys are left, for people to look at; PICTURES=docs/pictures makes those of the documentation anew. */
const pictures = resolve(process.env.PICTURES ?? join(import.meta.dirname, '../../../.cache/pictures'))

describe.skipIf(!tool('chromium'))('in Chromium', { timeout: 120_000 }, () => {
  let browser: Browser
  let simulator: Simulator
  let data: ReturnType<typeof dataFolder>
  let room: Room
  let address: string
  const pages: Page[] = []

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true })
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
  }, 60_000)
  afterAll(() => browser?.close())

  /** The program with a configuration, on simulated nodes that stand for real ones. */
  async function start(played: readonly Scenario[]): Promise<void> {
    data = dataFolder()
    simulator = await startSimulator(data.path, { played, pace: { boot: 500, second: 20 } })
    const keys = createHostKeyFile(join(data.path, 'host-keys.json'))
    for (const { scenario, server } of simulator.nodes) await keys.pin(scenario.node, server.hostKey)
    const config = join(data.path, 'lanekeeper.yaml')
    const nodes = simulator.nodes.map(
      ({ scenario, server }) =>
        `  ${scenario.node}: { host: 127.0.0.1, port: ${server.port}, key: ${simulator.keyFile} }`,
    )
    writeFileSync(
      config,
      `nodes:\n${nodes.join('\n')}
http: false
web: { people: { ann: ANN_TOKEN, bob: BOB_TOKEN }, port: 0 }
policy: { approvers: ['web:bob'], stability: 1, settle: 20, guardDeadline: 1500, rebootDeadline: 60 }
data: ${data.path}
`,
    )
    const [ann, bob] = PEOPLE
    room = openRoom({ data: data.path, config, env: { ANN_TOKEN: ann?.token ?? '', BOB_TOKEN: bob?.token ?? '' } })
    const found = () => /"at":"([^"]+)".*"the web page is served"/.exec(room.log())?.[1]
    await expect.poll(found, { timeout: 30_000 }).toBeTruthy()
    address = found() ?? ''
  }
  beforeEach(() => start(scenarios.slice(0, 8)), 60_000)
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close()
    await room.kill()
    await simulator.close()
    data.remove()
  })

  async function comeIn(who: 'ann' | 'bob', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await (await browser.newContext(options)).newPage()
    pages.push(page)
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(String(error)))
    await page.goto(`${address}#key=${PEOPLE.find(({ name }) => name === who)?.token}`)
    await page.getByText(`You are ${who}.`).waitFor()
    expect(page.url()).toBe(address)
    expect(problems).toEqual([])
    return page
  }
  const type = async (page: Page, line: string) => {
    await page.getByLabel('Command').fill(line)
    await page.keyboard.press('Enter')
  }
  const picture = (page: Page, name: string) => page.screenshot({ path: join(pictures, `${name}.png`) })
  async function accessible(page: Page): Promise<void> {
    await page.evaluate(axe)
    const { violations } = await page
      .evaluate('axe.run()')
      .then((found) => found as { violations: { impact: string; id: string; nodes: { html: string }[] }[] })
    const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  }

  test('diagnosed by one, approved by the other with a click, tried, kept; both see it, and so does the incident channel', async () => {
    const [ann, bob] = [await comeIn('ann'), await comeIn('bob')]
    await type(ann, '/pcie diagnose node1')
    const approve = bob.getByRole('button', { name: /^Approve change/ })
    await approve.waitFor({ timeout: 30_000 })
    await picture(bob, 'web-asks')
    await accessible(bob)
    // The one who asks does not approve: said to her alone.
    await ann.getByRole('button', { name: /^Approve change/ }).click()
    await ann.getByText('only for you').first().waitFor()
    expect(await bob.getByText('only for you').count()).toBe(0)
    await approve.click()
    await bob.getByRole('heading', { level: 2, name: /kept: the change is permanent/ }).waitFor({ timeout: 60_000 })
    await ann.getByRole('heading', { level: 2, name: /kept: the change is permanent/ }).waitFor()
    expect(await bob.getByRole('button', { name: /^Approve change/ }).count()).toBe(0)
    await bob.getByText('rebooting now for a trial').first().waitFor()
    await picture(bob, 'web-kept')
    await bob.getByRole('button', { name: '#incidents' }).click()
    await bob
      .getByRole('heading', { level: 2, name: /kept: the change is permanent/ })
      .first()
      .waitFor()
    await accessible(bob)
    // What was, and who did it: a click away.
    await bob.getByRole('button', { name: 'History' }).click()
    await bob.getByRole('heading', { level: 2, name: /the last change$/ }).waitFor()
    await bob.getByRole('button', { name: 'Audit trail' }).click()
    const trail = bob.getByRole('heading', { level: 2, name: /lines of the audit trail/ })
    await bob.getByText(/web:bob: voted \(node1, change \w+\)/).waitFor()
    // In sight, without scrolling.
    expect((await trail.boundingBox())?.y).toBeLessThan(bob.viewportSize()?.height ?? 0)
    await picture(bob, 'web-audit')
    await accessible(bob)
  })

  test('a trial that loses its network is told as reverted', async () => {
    const [ann, bob] = [await comeIn('ann'), await comeIn('bob')]
    await type(ann, '/pcie diagnose node8')
    await bob.getByRole('button', { name: /^Approve change/ }).click({ timeout: 30_000 })
    await bob
      .getByRole('heading', { level: 2, name: /reverted: the node went back by itself/ })
      .waitFor({ timeout: 90_000 })
    await picture(bob, 'web-reverted')
  })

  test('a node that was edited meanwhile makes the card stale', async () => {
    const [ann, bob] = [await comeIn('ann'), await comeIn('bob')]
    await type(ann, '/pcie diagnose node1')
    const approve = bob.getByRole('button', { name: /^Approve change/ })
    await approve.waitFor({ timeout: 30_000 })
    const files = simulator.nodes[0]?.node.files
    files?.set('/etc/default/grub', `${files.get('/etc/default/grub')}# at 3 a.m.\n`)
    await approve.click()
    await bob.getByRole('heading', { level: 2, name: /stale/ }).waitFor({ timeout: 60_000 })
    await picture(bob, 'web-stale')
  })

  test('with the keyboard alone: asked, reached by Tab, denied', async () => {
    const page = await comeIn('bob')
    for (let times = 0; times < 20 && !(await page.getByLabel('Command').evaluate(hasFocus)); times++)
      await page.keyboard.press('Tab')
    await page.keyboard.type('/pcie diagnose node1')
    await page.keyboard.press('Enter')
    const deny = page.getByRole('button', { name: /^Deny change/ })
    await deny.waitFor({ timeout: 30_000 })
    for (let times = 0; times < 40 && !(await deny.evaluate(hasFocus)); times++) await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 2, name: /denied/ }).waitFor({ timeout: 30_000 })
  })

  test.each([
    ['on a phone, in the dark', { viewport: { width: 390, height: 780 }, colorScheme: 'dark' }, 'web-phone'],
    ['on a desk, in the light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }, 'web-desk'],
  ] as const)(
    '%s nothing is cut off, the picture is there, and nothing serious is in the way',
    async (_, options, name) => {
      const page = await comeIn('ann', options)
      await type(page, '/pcie topology node5')
      const image = page.locator('img')
      await image.waitFor({ timeout: 30_000 })
      await expect.poll(() => image.evaluate(widthOf)).toBeGreaterThan(200)
      expect(
        await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
      ).toBeLessThanOrEqual(0)
      await accessible(page)
      await picture(page, name)
    },
  )

  test('the page that is loaded anew shows what was said, and what is still open', async () => {
    const page = await comeIn('ann')
    await type(page, '/pcie diagnose node1')
    await page.getByRole('button', { name: /^Approve change/ }).waitFor({ timeout: 30_000 })
    await page.reload()
    await page.getByRole('button', { name: /^Approve change/ }).waitFor({ timeout: 30_000 })
  })

  test('what a node or a person writes never becomes markup', async () => {
    const page = await comeIn('ann')
    await type(page, '/pcie diagnose <img/src=x/onerror=document.title="owned">')
    await page.getByText('there is no node').first().waitFor()
    expect(await page.locator('img').count()).toBe(0)
    expect(await page.title()).toBe('Lanekeeper')
  })

  test('without the link one is asked for the token, and told when it is wrong', async () => {
    const page = await (await browser.newContext()).newPage()
    pages.push(page)
    await page.goto(address)
    await page.getByLabel('Token').fill('wrong')
    await page.getByRole('button', { name: 'Come in' }).click()
    await page.getByText('Nobody has that token').waitFor()
    await accessible(page)
    await page.getByLabel('Token').fill(PEOPLE[0]?.token ?? '')
    await page.keyboard.press('Enter')
    await page.getByText('You are ann.').waitFor()
  })
})
