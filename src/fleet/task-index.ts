/** First line of the script that follows a node's tasks: a simulated node knows it by that. */
export const FOLLOW_MARK = '# lanekeeper follow'

/**
 * Prints which boot this is and what the node's clock says (seconds since 1970), then each line of Proxmox's task index as it is
 * written, the last fifty first. Ends with its standard input, and so with the connection; nothing is written and nothing polled.
 */
export const FOLLOW_SCRIPT = `${FOLLOW_MARK}
printf 'boot %s %s\\n' "$(cat /proc/sys/kernel/random/boot_id)" "$(date +%s)"
tail -n 50 -F /var/log/pve/tasks/index 2>/dev/null &
tail=$!
trap 'kill $tail' EXIT
cat >/dev/null
`

/** The first line of a node that is followed. */
export interface Greeting {
  readonly bootId: string
  /** The node's clock, in seconds since 1970. */
  readonly clock: number
}

/** Reads `boot <id> <seconds>`; null for any other line. */
export function readGreeting(line: string): Greeting | null {
  const [, bootId, clock] = /^boot ([0-9a-f-]{36}) (\d+)$/.exec(line) ?? []
  return bootId === undefined ? null : { bootId, clock: Number(clock) }
}

/** A guest that did not start. */
export interface FailedStart {
  /** Proxmox's id of the task. */
  readonly upid: string
  readonly guest: number
  /** When the task ended, by the node's clock, in seconds since 1970. */
  readonly endedAt: number
  /** What Proxmox says of it: `start failed: QEMU exited with code 1`. */
  readonly status: string
}

/** Reads a line of `/var/log/pve/tasks/index`: `<UPID> <end time, 8 hex digits> <status>` (FACTS 4); null unless a VM's start failed. */
export function readFailedStart(line: string): FailedStart | null {
  const [, upid, guest, ended, status] =
    /^(UPID:[^:\s]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:qmstart:(\d{1,9}):[^:\s]+:) ([0-9A-F]{8}) (\S.*)$/i.exec(
      line,
    ) ?? []
  if (upid === undefined || guest === undefined || ended === undefined || status === undefined) return null
  if (status === 'OK' || status.startsWith('WARNINGS')) return null
  return { upid, guest: Number(guest), endedAt: Number.parseInt(ended, 16), status }
}
