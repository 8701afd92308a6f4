import { existsSync } from 'node:fs'

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']
const told = new Set<string>()

/**
 * Whether a program of the distribution is there to test against. Where it is not, says loudly what goes untested; in CI,
 * which installs them all, that is an error.
 */
export function tool(name: string, comesWith = name): boolean {
  if (FOLDERS.some((folder) => existsSync(`${folder}/${name}`))) return true
  const says = `NOT TESTED against ${name}: it is not installed (apt install ${comesWith})`
  if (process.env.CI === 'true') throw new Error(says)
  if (!told.has(name)) console.warn(says)
  told.add(name)
  return false
}
