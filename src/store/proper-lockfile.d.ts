declare module 'proper-lockfile' {
  interface Options {
    lockfilePath: string
    stale: number
    update: number
    realpath: boolean
    onCompromised: (why: Error) => void
  }
  const lockfile: {
    lock(file: string, options: Options): Promise<() => Promise<void>>
    check(file: string, options: Pick<Options, 'lockfilePath' | 'stale' | 'realpath'>): Promise<boolean>
  }
  export default lockfile
}
