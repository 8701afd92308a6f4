import { suggestedRemedy } from '../changes/suggested-remedy.ts'

/** iommu=pt: speed for the devices that the host keeps (FACTS 2.2). */
export const passthroughMode = suggestedRemedy('passthrough-mode', 'Let the host use the IOMMU in passthrough mode')
