import { defineConfig } from 'vitest/config'

/** Journeys on real nodes: minutes long, two nodes at a time. Most of a boot keeps one core busy. */
export default defineConfig({
  test: {
    include: ['test/lab/**/*.lab.ts'],
    testTimeout: 15 * 60_000,
    hookTimeout: 20 * 60_000,
    globalSetup: 'test/lab/before.ts',
    maxWorkers: 2,
    sequence: { concurrent: false },
    pool: 'forks',
    retry: 0,
    passWithNoTests: true,
  },
})
