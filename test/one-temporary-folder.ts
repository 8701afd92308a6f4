import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One folder for all that the tests of a run put into a temporary folder; gone when the run is over. */
export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'lanekeeper-test-'))
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
