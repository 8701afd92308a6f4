import { spawn } from 'node:child_process'

/** Runs a program of the build machine to its end and returns what it printed; throws with the end of its output when it fails. */
export function run(program: string, args: string[], options: { cwd?: string } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let printed = ''
    let said = ''
    child.stdout.on('data', (data) => {
      printed += data
      said = (said + data).slice(-4000)
    })
    child.stderr.on('data', (data) => {
      said = (said + data).slice(-4000)
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(printed)
      else reject(new Error(`${program} ended with ${code}:\n${said}`))
    })
  })
}
