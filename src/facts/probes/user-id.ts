import { z } from 'zod'
import { defineProbe } from '../probe.ts'
import { whole } from '../text.ts'

/** As whom scripts run on the node: for checking the way there, and no part of a diagnosis. */
export const userId = defineProbe({ name: 'user-id', snippet: 'id -u', schema: z.number().nullable(), parse: whole })
