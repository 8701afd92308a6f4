const MOST = 80

/**
 * A file's name that is safe everywhere: ASCII letters, digits, dot, dash and underscore, at most 80 of them; never hidden,
 * never a folder, never a way up: of a path the last part counts. What names the kind (`.png`) stays.
 */
export function fileName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  const safe = last
    .replaceAll(/[^\w.-]+/g, '_')
    .replaceAll(/\.{2,}/g, '.')
    .replace(/^[.-]+/, '')
  const kind = /\.[A-Za-z0-9]{1,8}$/.exec(safe)?.[0] ?? ''
  const stem = safe.slice(0, safe.length - kind.length).slice(0, MOST - kind.length)
  return stem ? stem + kind : 'file'
}
