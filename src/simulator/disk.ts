/** A file of a simulated node could not be written. */
export class WriteRefused extends Error {}

/** Files by path. Full or read-only, it keeps what it holds and refuses what would change it. */
export class Disk extends Map<string, string> {
  /** No space is left: nothing new is written, but what is there can be removed. */
  full = false
  /** Nothing below this path can be changed. */
  readOnly: string | null = null

  override set(path: string, text: string): this {
    if (this.full) throw new WriteRefused(`${path}: No space left on device`)
    this.refuseReadOnly(path)
    return super.set(path, text)
  }

  override delete(path: string): boolean {
    if (this.has(path)) this.refuseReadOnly(path)
    return super.delete(path)
  }

  private refuseReadOnly(path: string): void {
    if (this.readOnly != null && path.startsWith(this.readOnly))
      throw new WriteRefused(`${path}: Read-only file system`)
  }
}
