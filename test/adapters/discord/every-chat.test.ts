import { chatJourney } from '../journey.ts'
import { openDiscordRoom } from './room.ts'

chatJourney('Discord', openDiscordRoom)
