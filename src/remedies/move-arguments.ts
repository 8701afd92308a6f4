import { suggestedRemedy } from '../changes/suggested-remedy.ts'

/** Arguments that stand in a file this node does not boot from are written into the one it does. */
export const moveArguments = suggestedRemedy('move-arguments', 'Put the arguments where this node boots from')
