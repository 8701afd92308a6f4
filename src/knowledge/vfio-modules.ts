import { z } from 'zod'
import table from '../../data/vfio-modules.json' with { type: 'json' }

const source = z.url({ protocol: /^https$/ })
const Module = z.strictObject({
  module: z.string(),
  /** The first kernel series without it. */
  goneSince: z.tuple([z.number().int(), z.number().int()]).optional(),
  source,
})
const Kernel = z.strictObject({
  release: z.string().transform((text) => new RegExp(text)),
  builtIn: z.boolean(),
  source,
})
const { modules, kernels } = z.strictObject({ modules: z.array(Module), kernels: z.array(Kernel) }).parse(table)

/** Is there a vfio module of this name (with underscores) in any kernel? */
export const isVfioModule = (name: string): boolean => modules.some(({ module }) => module === name)

/** The first kernel series that has a vfio module no more, as [major, minor]; null for one that is still there. */
export const vfioModuleGoneSince = (name: string): readonly [number, number] | null =>
  modules.find(({ module }) => module === name)?.goneSince ?? null

/** Has this kernel (`uname -r`) vfio and vfio-pci built in? Null for kernels whose configuration was not read. FACTS 2.2. */
export const vfioBuiltIn = (release: string | undefined): boolean | null =>
  release === undefined ? null : (kernels.find((kernel) => kernel.release.test(release))?.builtIn ?? null)
