import { type Act, act, anew } from './act-script.ts'
import type { TrialOrder } from './chain.ts'

export const GUARD_UNIT = 'lanekeeper-guard.service'
const GUARD_UNIT_PATH = `/etc/systemd/system/${GUARD_UNIT}`
const GUARD_SCRIPT_PATH = '/etc/lanekeeper/guard.sh'

/** The guard of a trial, put on the node and enabled. `withoutTrial` is shell that takes the trial entry away before the guard goes back. */
export const guardActs = ({ changeId, guardDeadline }: TrialOrder, withoutTrial: string): Act[] => [
  anew(GUARD_SCRIPT_PATH, '755', guardScript(changeId, guardDeadline, withoutTrial)),
  anew(GUARD_UNIT_PATH, '644', guardUnit(changeId)),
  act('guard_on', GUARD_UNIT),
]

/** The unit that exists only in a trial boot: its condition is the trial's marker on the kernel line (DESIGN "The trial boot"). */
export const guardUnit = (changeId: string): string => `[Unit]
Description=lanekeeper: goes back to the old configuration unless trial ${changeId} is confirmed
ConditionKernelCommandLine=lanekeeper.trial=${changeId}
DefaultDependencies=no
IgnoreOnIsolate=yes
StartLimitIntervalSec=0

[Service]
Type=simple
ExecStart=/bin/sh ${GUARD_SCRIPT_PATH}
TimeoutStopSec=5
Restart=on-failure
OOMScoreAdjust=-1000

[Install]
WantedBy=sysinit.target
`

/**
 * What the unit runs: waits for the confirmation of this very boot, until `deadline` seconds after the kernel's start, and
 * otherwise reboots; by force where an orderly reboot hangs on guests (FACTS 8.1). `withoutTrial` is shell that takes the trial
 * entry away first, so that a time window cannot start it again. Nothing that may hang on a dead disk is waited for.
 */
export const guardScript = (changeId: string, deadline: number, withoutTrial: string): string => `#!/bin/sh
# lanekeeper guard of change ${changeId}. Safe to remove once the change is closed.
boot=$(cat /proc/sys/kernel/random/boot_id)
mkdir -p /run/lanekeeper
# What is needed at the end is read from the disk now, while it answers.
echo going-back >/run/lanekeeper/going-back
ln -f /run/lanekeeper/going-back /run/lanekeeper/ready
while up=$(cut -d . -f 1 /proc/uptime) && [ "$up" -lt ${deadline} ]; do
  [ "$(cat /run/lanekeeper/decided 2>/dev/null)" = "$boot" ] && exit 0
  sleep 1
done
ln /run/lanekeeper/going-back /run/lanekeeper/decided 2>/dev/null
[ "$(cat /run/lanekeeper/decided)" = "$boot" ] && exit 0
echo "lanekeeper: trial ${changeId} was not confirmed within ${deadline} s, going back" >/dev/kmsg
{
${withoutTrial}
  sync
} &
tidying=$!
waited=0
while kill -0 "$tidying" 2>/dev/null && [ "$waited" -lt 20 ]; do
  sleep 1
  waited=$((waited + 1))
done
systemctl --no-block reboot &
sleep 600
systemctl --force reboot &
sleep 30
echo b >/proc/sysrq-trigger
`
