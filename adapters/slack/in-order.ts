/** Jobs about one thing, one after the other; about different things, side by side. */
export function createInOrder() {
  const chains = new Map<string, Promise<unknown>>()
  return <T>(about: string, job: () => Promise<T>): Promise<T> => {
    const done = (chains.get(about) ?? Promise.resolve()).then(job)
    const quiet = done.catch(() => undefined)
    chains.set(about, quiet)
    void quiet.then(() => chains.get(about) === quiet && chains.delete(about))
    return done
  }
}
