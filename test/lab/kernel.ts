import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { cached, contentsOf, hashOf, type Log, labFolder, repository } from './cache.ts'
import { run } from './run.ts'

/** The image of the kernel that knows relax_rmrr: a ready one from `../shared/lab`, else built from Debian's source, once. */
export async function labKernel(log: Log): Promise<string> {
  const ready = await imageIn(resolve(repository, '../shared/lab'))
  if (ready) return ready
  const recipe = join(labFolder, 'kernel')
  const folder = await cached(`kernel-${hashOf(...(await contentsOf(recipe)))}`, async (work) => {
    log('building the lab kernel from Debian’s source, about 7 minutes')
    await run(join(recipe, 'build.sh'), [work])
  })
  const built = await imageIn(folder)
  if (!built) throw new Error(`no kernel image in ${folder}`)
  return built
}

async function imageIn(folder: string): Promise<string | undefined> {
  if (!existsSync(folder)) return undefined
  const name = (await readdir(folder)).find((file) => file.startsWith('vmlinuz-'))
  return name && join(folder, name)
}
