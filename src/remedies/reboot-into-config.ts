import { asTheFilesSay } from '../changes/suggested-remedy.ts'

/** The generated configuration has the arguments, the running kernel has not: a reboot, through a trial like any other. */
export const rebootIntoConfig = asTheFilesSay('reboot-into-config', 'Reboot into the configuration that is there')
