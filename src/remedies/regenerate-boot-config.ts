import { asTheFilesSay } from '../changes/suggested-remedy.ts'

/** The file has the arguments, the generated configuration has not: generated again, after a trial with what it will hold. */
export const regenerateBootConfig = asTheFilesSay('regenerate-boot-config', 'Generate the boot configuration again')
