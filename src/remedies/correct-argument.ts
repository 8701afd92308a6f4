import { suggestedRemedy } from '../changes/suggested-remedy.ts'

/** A misspelt word on the kernel line becomes the one that was meant. */
export const correctArgument = suggestedRemedy('correct-argument', 'Correct a misspelt argument')
