import { defineConfig } from 'vitest/config'

/** Many tests run shells, sshd or simulated nodes: their time depends on the machine, and none of them measures it. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: 'test/one-temporary-folder.ts',
  },
})
