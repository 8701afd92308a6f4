import type { Command } from '../src/chat/command.ts'
import { approve } from './approve.ts'
import { audit } from './audit.ts'
import { cancel } from './cancel.ts'
import { deny } from './deny.ts'
import { diagnose } from './diagnose.ts'
import { explain } from './explain.ts'
import { exportChange } from './export.ts'
import { fix } from './fix.ts'
import { freeze } from './freeze.ts'
import { help } from './help.ts'
import { history } from './history.ts'
import { nodes } from './nodes.ts'
import { rules } from './rules.ts'
import { status } from './status.ts'
import { thaw } from './thaw.ts'
import { topology } from './topology.ts'
import { undo } from './undo.ts'

/** Every command behind /pcie. The order is that of the help. */
export const commands: readonly Command[] = [
  diagnose,
  fix,
  topology,
  explain,
  approve,
  deny,
  cancel,
  undo,
  freeze,
  thaw,
  status,
  history,
  exportChange,
  audit,
  nodes,
  rules,
  help,
]
