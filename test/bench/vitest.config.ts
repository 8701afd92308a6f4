import { defineConfig } from 'vitest/config'

/** Benchmarks: `npm run bench`. They print what they measured beside what a user would pick instead; nothing fails on a figure. */
export default defineConfig({
  test: {
    include: ['test/bench/**/*.bench.ts'],
    testTimeout: 30 * 60_000,
    hookTimeout: 5 * 60_000,
    fileParallelism: false,
    pool: 'forks',
  },
})
