import type { Remedy } from '../changes/remedy.ts'

/** Both cures bring onto the running line what stands in the boot files; the boot chain tells which words that are. */
const asTheFileSays = (title: string): Pick<Remedy, 'wish' | 'uncured'> => ({
  wish: () => ({ title, args: { add: [], remove: [] }, risk: 1, risks: [] }),
  // That the words are live is checked for every plan; there is nothing else to cure.
  uncured: () => [],
})

/** The file has the arguments, the generated configuration has not: generate it, after a trial with what will be generated. */
export const regenerateBootConfig: Remedy = {
  id: 'regenerate-boot-config',
  title: 'Generate the boot configuration again',
  ...asTheFileSays('Generate the boot configuration again'),
}

/** The generated configuration has the arguments, the running kernel has not: reboot, through a trial like any other. */
export const rebootIntoConfig: Remedy = {
  id: 'reboot-into-config',
  title: 'Reboot into the configuration that is there',
  ...asTheFileSays('Reboot into the configuration that is there'),
}
