import type { Remedy } from '../changes/remedy.ts'
import { correctArgument, dropArgument, moveArguments, passthroughMode } from './as-suggested.ts'
import { rebootIntoConfig, regenerateBootConfig } from './from-the-file.ts'
import { interruptRemapping } from './interrupt-remapping.ts'
import { kernelArguments } from './kernel-arguments.ts'
import { relaxRmrr } from './relax-rmrr.ts'

/** Every remedy there is. */
export const remedies: readonly Remedy[] = [
  kernelArguments,
  relaxRmrr,
  interruptRemapping,
  moveArguments,
  regenerateBootConfig,
  rebootIntoConfig,
  correctArgument,
  dropArgument,
  passthroughMode,
]
