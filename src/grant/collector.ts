import { userId } from '../facts/probes/user-id.ts'
import { probes } from '../facts/probes.ts'
import { scriptBody } from '../facts/script.ts'
import { MEMBERS_SCRIPT } from '../fleet/members.ts'
import { FOLLOW_MARK, FOLLOW_SCRIPT } from '../fleet/task-index.ts'

/** Where the collector is installed on a node. */
export const COLLECTOR_PATH = '/usr/local/sbin/lanekeeper-look'

/**
 * The one thing that a looking key may start on a node (sshd(8), `command=`). Of what comes in, only the first line counts: it asks for
 * the probes, for the task index or for the members of the cluster, and gets the collector's own copy of the script. The rest is dropped.
 */
export const collectorScript = (): string => `#!/bin/sh
# lanekeeper looks at this node, and does nothing else: whatever is sent over the looking key, this is what runs.
PATH=/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
set -f

refuse() {
  echo 'lanekeeper-look: with this key nothing can be done but looking' >&2
  exit 126
}

look() {
${scriptBody([...probes, userId])}
}

follow() {
${FOLLOW_SCRIPT}}

IFS= read -r asked || refuse
case $asked in
  '# lanekeeper probes '*)
    # shellcheck disable=SC2086
    set -- $asked
    nonce=\${4:-}
    case $nonce in '' | *[!0-9A-Za-z-]*) refuse ;; esac
    [ "\${#nonce}" -le 64 ] || refuse
    cat >/dev/null
    look
    ;;
  '${FOLLOW_MARK}') follow ;;
  '${MEMBERS_SCRIPT.trim()}')
    cat >/dev/null
    cat /etc/pve/.members
    ;;
  *) refuse ;;
esac
`
