import type { Writable } from 'node:stream'

/** Writes and resolves when the stream has taken it; a stream that is gone is an error. */
export const write = (output: Writable, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    output.write(text, (error) => (error ? reject(error) : resolve()))
  })
