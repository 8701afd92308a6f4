import { type Target, targetText } from '../diagnosis/target.ts'
import type { Card } from './card.ts'

/** What is shown while a node is being read: it becomes the report in place. */
export const progressCard = (node: string, target: Target | null, step = 'reading the node over SSH'): Card => ({
  title: `${node}: looking${target ? ` at ${targetText(target)}` : ''} …`,
  tone: 'info',
  blocks: [{ type: 'text', text: `${step}. Nothing is written on the node.` }],
})
