import { defineConfig } from 'vitest/config'

/**
 * Many tests run shells, sshd or simulated nodes: their time depends on the machine, and none of them measures it. Much of it is waiting:
 * three files at a time keep two cores busy.
 */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 3,
    // No test leaves anything behind in its process; a new one for each file took longer than most files.
    isolate: false,
    globalSetup: 'test/one-temporary-folder.ts',
  },
})
