import type { OperatorError } from '../errors.ts'
import { type Hop, troubleAt } from './hop.ts'
import type { Output } from './transport.ts'

/**
 * What is started on a node to read the script. `timeout` ends it over there too, shortly after the limit here, whatever became of
 * the connection (null = no limit); `sh -c` around it, because the login shell may be any.
 */
export const shellCommand = (sudo: boolean, timeoutMs: number | null): string => {
  const limit = timeoutMs === null ? null : `timeout -k 5 ${Math.ceil(timeoutMs / 1000) + 1}`
  const start = limit
    ? `sh -c 'command -v timeout >/dev/null && exec ${limit} sh -s; exec sh -s'`
    : `sh -c 'exec sh -s'`
  return sudo ? `env LC_ALL=C sudo -n -- ${start}` : start
}

/** The error to throw when it was sudo that answered, and not the script. */
export const sudoRefusal = (hop: Hop, { stdout, stderr, code }: Output): OperatorError | null => {
  const { user } = hop.access
  if (code === 127 && /sudo.*not found|no such file/i.test(stderr) && stdout.length === 0)
    return troubleAt(
      hop,
      'sudo-refused',
      'sudo is not installed there',
      'Install sudo (apt install sudo), or log in as root.',
    )
  const line = stderr
    .split('\n')
    .find((each) => each.startsWith('sudo: ') || /is not (in the sudoers|allowed to)/.test(each))
  if (code !== 1 || stdout.length > 0 || line === undefined) return null
  const hint = `Put this line into /etc/sudoers.d/lanekeeper on that host: ${user} ALL=(root) NOPASSWD: /usr/bin/sh`
  return troubleAt(hop, 'sudo-refused', `sudo does not let ${user} in without a password (${line.trim()})`, hint)
}
