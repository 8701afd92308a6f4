import { OperatorError } from '../errors.ts'

/** The PostgreSQL that DATABASE_URL names; null without one. What is no address is an error that does not repeat it: it holds a password. */
export function databaseIn({ DATABASE_URL: url }: Readonly<Record<string, string | undefined>>): string | null {
  if (!url) return null
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return url
  throw new OperatorError('config-invalid', 'DATABASE_URL is not the address of a PostgreSQL database', {
    hint: 'expected postgres://user:password@host:5432/database; without DATABASE_URL everything is kept in the data folder',
  })
}
