import { createHmac, timingSafeEqual } from 'node:crypto'

/** Somebody who may come in, and the token that proves it. */
export interface WebPerson {
  readonly name: string
  readonly token: string
}

export const COOKIE = 'lanekeeper'

const same = (one: string, other: string): boolean => {
  const [a, b] = [one, other].map((text) => createHmac('sha256', 'compared').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

const proofOf = ({ token }: WebPerson): string =>
  createHmac('sha256', token).update('lanekeeper web').digest('base64url')

/** Who has this token; every token is compared, and each in the same time. */
export const byToken = (people: readonly WebPerson[], token: string): WebPerson | undefined =>
  people.filter((person) => same(person.token, token))[0]

/** The cookie of a person: a proof that the token was there, not the token. It outlasts a restart, and ends with the token. */
export const cookieOf = (person: WebPerson): string =>
  `${COOKIE}=${encodeURIComponent(person.name)}.${proofOf(person)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000`

/** Who sends these cookies; undefined = nobody who may come in. */
export function byCookie(people: readonly WebPerson[], header: string | undefined): WebPerson | undefined {
  const value = new RegExp(`(?:^|; )${COOKIE}=([^;]*)`).exec(header ?? '')?.[1] ?? ''
  const dot = value.lastIndexOf('.')
  return people.filter(
    (person) => encodeURIComponent(person.name) === value.slice(0, dot) && same(proofOf(person), value.slice(dot + 1)),
  )[0]
}
