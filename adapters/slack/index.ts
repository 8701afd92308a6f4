export { checkSlack, type SlackCheckOptions } from './check.ts'
export { ENDPOINT } from './http.ts'
export { type Offers as SlackOffers, SlackOffer } from './offers.ts'
export { createSlackAdapter, type SlackOptions } from './slack.ts'
