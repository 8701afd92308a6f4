import { defineConfig } from 'vitest/config'

const timed = 'test/adapters/acknowledged.test.ts'
/** Connections, and what a library keeps of them, are shared by all that runs in one process. */
const connects = ['adapters', 'grant', 'journeys', 'ssh', 'store'].map((folder) => `test/${folder}/**/*.test.ts`)

/**
 * Many tests run shells, sshd or simulated nodes: their time depends on the machine, and none of them measures it, but for those
 * that run alone, after the others. Much of it is waiting: three files at a time keep two cores busy. Files that connect to
 * nothing share their processes: a new one for each took longer than most of them.
 */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 3,
    globalSetup: 'test/one-temporary-folder.ts',
    projects: [
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: connects, isolate: false } },
      { extends: true, test: { name: 'apart', include: connects, exclude: [timed] } },
      { extends: true, test: { name: 'alone', include: [timed], sequence: { groupOrder: 1 } } },
    ],
  },
})
