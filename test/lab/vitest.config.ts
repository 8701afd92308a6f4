import { defineConfig } from 'vitest/config'

/**
 * Journeys on real nodes: minutes long, and one node at a time, since one keeps two cores busy. Two at a time were tried: a journey
 * takes twice as long then, and some run into a time limit.
 */
export default defineConfig({
  test: {
    include: ['test/lab/**/*.lab.ts'],
    testTimeout: 20 * 60_000,
    hookTimeout: 20 * 60_000,
    fileParallelism: false,
    sequence: { concurrent: false },
    pool: 'forks',
    retry: 0,
    passWithNoTests: true,
  },
})
