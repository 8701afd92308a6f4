import { type ErrorCode, OperatorError } from '../errors.ts'
import { type JumpAccess, jumpName, type NodeAccess } from './access.ts'

/** One host on the way: the name its key is pinned under, the node it is for, and the words errors use for it. */
export interface Hop {
  readonly name: string
  readonly node: string
  readonly access: JumpAccess
  readonly where: string
}

/** The hosts to go through, the node last. */
export const routeTo = (node: string, access: NodeAccess): Hop[] => {
  const { jump } = access
  const via = jump && { name: jumpName(jump), node, access: jump, where: `${node}: jump host ${at(jump)}` }
  const last = { name: node, node, access, where: `${node} (${at(access)}${jump ? ` via ${jump.host}` : ''})` }
  return via ? [via, last] : [last]
}

/** An error that names the host it is about. */
export const troubleAt = (hop: Hop, code: ErrorCode, says: string, hint?: string, cause?: unknown): OperatorError =>
  new OperatorError(code, `${hop.where}: ${says}`, {
    ...(hint !== undefined && { hint }),
    ...(cause !== undefined && { cause }),
  })

const at = ({ host, port }: JumpAccess) => (port === 22 ? host : `${host}:${port}`)
