declare module 'proper-lockfile' {
  interface Options {
    lockfilePath: string
    stale: number
    update: number
    realpath: boolean
    onCompromised: (why: Error) => void
  }
  const lockfile: { lock(file: string, options: Options): Promise<() => Promise<void>> }
  export default lockfile
}
