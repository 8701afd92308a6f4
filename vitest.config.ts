import { defineConfig } from 'vitest/config'

const timed = 'test/adapters/acknowledged.test.ts'

/**
 * Many tests run shells, sshd or simulated nodes: their time depends on the machine, and none of them measures it, but for those
 * that run alone, after the others. Much of it is waiting: three files at a time keep two cores busy. No test leaves anything
 * behind in its process, so files share them: a new process for each took longer than most files.
 */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    isolate: false,
    globalSetup: 'test/one-temporary-folder.ts',
    projects: [
      { extends: true, test: { name: 'together', include: ['test/**/*.test.ts'], exclude: [timed] } },
      { extends: true, test: { name: 'alone', include: [timed], sequence: { groupOrder: 1 } } },
    ],
  },
})
