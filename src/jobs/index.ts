import type { Job } from '../changes/job.ts'
import { grubEnvironment } from './grub-environment.ts'

/** Every kind of work there is besides writing files. */
export const jobs: readonly Job[] = [grubEnvironment]
