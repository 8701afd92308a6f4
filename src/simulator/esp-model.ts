import { defaultEntryOf, entryWords } from '../bootconfig/loader-entry.ts'

/** UUID of the one ESP of a simulated node whose ESPs proxmox-boot-tool keeps. */
export const ESP = '7B1A-22C1'
export const KERNEL_CMDLINE = '/etc/kernel/cmdline'
const entryOf = (name: string): string => `${ESP}:/loader/entries/${name}`
export const LOADER_CONF = `${ESP}:/loader/loader.conf`

/** The part of proxmox-boot-tool that matters here: an entry for every kernel; false for a line without `root=`. */
export function refreshEsp(files: Map<string, string>, kernels: readonly string[], pinned: string | null): boolean {
  const [options = ''] = (files.get(KERNEL_CMDLINE) ?? '').split('\n')
  if (!options.includes('root=')) return false
  for (const kernel of kernels)
    files.set(
      entryOf(`proxmox-${kernel}.conf`),
      [
        'title    Proxmox Virtual Environment',
        `version  ${kernel}`,
        `options   ${options}`,
        `linux    /EFI/proxmox/${kernel}/vmlinuz-${kernel}`,
        `initrd   /EFI/proxmox/${kernel}/initrd.img-${kernel}`,
        '',
      ].join('\n'),
    )
  files.set(LOADER_CONF, `timeout 3\ndefault ${pinned === null ? 'proxmox-*' : `proxmox-${pinned}.conf`}\n`)
  return true
}

/** The line of the next boot: of the entry that was ordered for once, where it is there, else of the default (the newest kernel for a pattern). */
export function bootEntry(files: ReadonlyMap<string, string>, ordered: string | null, newest: string): string {
  const named = defaultEntryOf(files.get(LOADER_CONF) ?? '') ?? ''
  const usual = named.includes('*') ? `proxmox-${newest}.conf` : named
  const text = (ordered === null ? undefined : files.get(entryOf(ordered))) ?? files.get(entryOf(usual)) ?? ''
  const initrd = /^initrd\s+(\S+)/m.exec(text)?.[1] ?? ''
  return [`initrd=${initrd.replaceAll('/', '\\')}`, ...entryWords(text)].join(' ')
}

/** The acts that are about ESPs; undefined for any other. */
export function espAct(
  node: { readonly files: Map<string, string>; oneshot: string | null; generate(): boolean },
  name: string,
  argument: string,
  input: string,
): string[] | undefined {
  const refreshed = () => (node.generate() ? [] : ['failed tool proxmox-boot-tool refresh failed'])
  switch (name) {
    case 'refresh_esps':
      return refreshed()
    case 'refresh_esps_again':
      return node.files.has(argument) ? refreshed() : []
    case 'expect_default_on_esps':
      return []
    case 'show_esps':
      return [...node.files]
        .filter(([path]) => path.startsWith(`${ESP}:`))
        .map(([path, text]) => `file ${path} ${Buffer.from(text).toString('base64')}`)
    case 'tell_default_entry':
      return ['said default-entry ']
    case 'write_on_esps':
      node.files.set(`${ESP}:${argument}`, input)
      return []
    case 'drop_on_esps':
      node.files.delete(`${ESP}:${argument}`)
      return []
    case 'oneshot_arm':
      node.oneshot = argument
      return []
    case 'oneshot_drop':
      if (node.oneshot === argument) node.oneshot = null
      return []
    default:
      return
  }
}
