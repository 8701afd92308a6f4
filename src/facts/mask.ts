import type { Capture } from './capture.ts'
export const maskCapture = (capture: Capture): Capture => capture
