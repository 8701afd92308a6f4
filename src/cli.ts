#!/usr/bin/env node
import { CommanderError } from 'commander'
import { printError } from './cli/print.ts'
import { createProgram } from './cli/program.ts'

// A reader that has gone (`lanekeeper … | head`) is no error.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => process.exit(code === 'EPIPE' ? 0 : 70))

const program = createProgram(process.env, process.cwd(), (status) => {
  process.exitCode = status
})

try {
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = printError(error, process.stderr, process.env.LANEKEEPER_LOG === 'debug')
}
