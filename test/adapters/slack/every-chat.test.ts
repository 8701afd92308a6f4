import { chatJourney } from '../journey.ts'
import { openSlackRoom } from './room.ts'

chatJourney('Slack over HTTP', () => openSlackRoom('http'))
chatJourney('Slack over Socket Mode', () => openSlackRoom('socket'))
