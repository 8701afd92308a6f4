import { OperatorError } from '../errors.ts'
import type { Card } from './card.ts'

/** An operator's error with its hint; anything else is a bug: an id that finds the stack in the log. */
export const errorCard = (error: unknown, id: string, doing?: string): Card =>
  error instanceof OperatorError
    ? {
        title: doing ? `${doing}: not possible` : 'That did not work',
        tone: 'danger',
        blocks: [
          { type: 'text', text: error.message },
          ...(error.hint ? [{ type: 'text', text: `What to do: ${error.hint}` } as const] : []),
        ],
      }
    : {
        title: 'Internal error',
        tone: 'danger',
        blocks: [
          {
            type: 'text',
            text: `This is a bug in Lanekeeper, not in what you asked. The log holds its details under ${id}.`,
          },
        ],
      }
