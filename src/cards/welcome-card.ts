import type { Card } from './card.ts'
import type { NodeLine } from './fleet-card.ts'

/** What a newcomer sees who has configured nothing yet. */
export const demoCard = (nodes: readonly NodeLine[]): Card => ({
  title: 'Lanekeeper, on simulated nodes',
  tone: 'info',
  blocks: [
    {
      type: 'text',
      text: 'There is no lanekeeper.yaml, so these nodes are simulated: they answer over real SSH on this machine, and nothing else is touched.',
    },
    { type: 'fields', fields: nodes.map(({ name, about }) => [name, about]) },
    { type: 'heading', text: 'Try it' },
    {
      type: 'list',
      items: [
        '/pcie diagnose node3 – see why passthrough fails there, and the change that would cure it',
        '/as approver – become the person who may approve (your own request is not yours to approve)',
        '+ m<number of the card> – react ✅, and watch the trial boot; "- m<number>" reacts ❌',
        '/pcie help – everything else',
      ],
    },
  ],
})

/** Where the same chat is in a browser: a link for each of the people. */
export const inBrowserCard = (links: readonly (readonly [person: string, link: string])[]): Card => ({
  title: 'The same room in a browser',
  tone: 'info',
  blocks: [
    { type: 'fields', fields: links },
    {
      type: 'text',
      text: 'On this machine only. Incidents are told in both; a card is decided on where it stands, or anywhere by its id: /pcie approve <change>.',
    },
  ],
})
