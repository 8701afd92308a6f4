import { defineConfig } from 'vitest/config'

/** Journeys on real nodes, minutes long, and two nodes at a time: one waits much, for a guard or a panic to go back. */
export default defineConfig({
  test: {
    include: ['test/lab/every.lab.ts'],
    testTimeout: 30 * 60_000,
    hookTimeout: 20 * 60_000,
    sequence: { concurrent: true },
    maxConcurrency: 2,
    pool: 'forks',
    retry: 0,
    passWithNoTests: true,
  },
})
