import type { Refusal } from '../errors.ts'

const HOUR = 3_600_000
const MINUTE = 60_000

/** Opens once: the flag is spent, and known to be spent, before there is an entry to boot (FACTS 1.6). */
export function flagGate(
  changeId: string,
  { uuid, path }: { uuid: string; path: string },
  offer: string,
): string | Refusal {
  if (!/^[0-9A-Za-z-]{4,36}$/.test(uuid)) return { refused: `"${uuid}" is no UUID of a file system.` }
  if (!/^\/[A-Za-z0-9_./-]+$/.test(path)) return { refused: `"${path}" is no path for a flag.` }
  const file = `($lanekeeper_fs)${path}`
  return `set lanekeeper_trial=
if search --no-floppy --fs-uuid --set=lanekeeper_fs ${uuid}; then
  if [ -s ${file} ]; then
    load_env -f ${file} lanekeeper_trial
    if [ "$lanekeeper_trial" = "armed-${changeId}" ]; then
      set lanekeeper_trial=spent-${changeId}
      if save_env -f ${file} lanekeeper_trial; then
${offer}
      fi
    fi
  fi
fi
`
}

/**
 * Opens from one minute to another by the hardware clock, which GRUB's datehook reads anew for each variable: the hour is
 * compared before and after the minute is read, so that no turn of the hour can come between them.
 */
export function windowGate({ from, to }: { from: Date; to: Date }, offer: string): string | Refusal {
  const start = Math.floor(from.getTime() / MINUTE) * MINUTE
  const end = Math.floor(to.getTime() / MINUTE) * MINUTE
  if (!(end > start)) return { refused: 'The time window for the trial is empty.' }
  if (end - start > 24 * HOUR) return { refused: 'The time window for the trial is longer than a day.' }
  const hours: string[] = []
  for (let hour = Math.floor(start / HOUR) * HOUR; hour < end; hour += HOUR) {
    const first = Math.max(0, (start - hour) / MINUTE)
    const last = Math.min(60, (end - hour) / MINUTE)
    const minutes = `"$lanekeeper_minute" -ge ${first} -a "$lanekeeper_minute" -lt ${last}`
    hours.push(
      `  if [ "$lanekeeper_hour" = "${hourOf(new Date(hour))}" -a ${minutes} ]; then set lanekeeper_open=yes; fi`,
    )
  }
  return `insmod datehook
set lanekeeper_open=no
set lanekeeper_hour="$YEAR-$MONTH-$DAY-$HOUR"
set lanekeeper_minute="$MINUTE"
if [ "$lanekeeper_hour" = "$YEAR-$MONTH-$DAY-$HOUR" ]; then
${hours.join('\n')}
fi
if [ "$lanekeeper_open" = yes ]; then
${offer}
fi
`
}

/** As GRUB prints the parts: without leading zeros. */
const hourOf = (date: Date): string =>
  [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours()].join('-')
