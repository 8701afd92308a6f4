import { suggestedRemedy } from '../changes/suggested-remedy.ts'

/** An argument for the other vendor, or one that the kernel does not know, goes. */
export const dropArgument = suggestedRemedy('drop-argument', 'Drop an argument that does nothing here')
