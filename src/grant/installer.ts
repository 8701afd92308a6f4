import { COLLECTOR_PATH, collectorScript } from './collector.ts'

/** The two public keys of a node, `type base64`, and the user they are for. */
export interface Granted {
  readonly user: string
  readonly look: string
  readonly change: string
}

const SUDOERS = '/etc/sudoers.d/lanekeeper'
const END = 'LANEKEEPER_END'

/**
 * The lines of authorized_keys: one key that may only look, whatever it asks for, and one that may change. Both have neither forwarding
 * nor a terminal (`restrict`, sshd(8)).
 */
export const keyLines = ({ user, look, change }: Granted): readonly [look: string, change: string] => [
  `restrict,command="${user === 'root' ? COLLECTOR_PATH : `sudo -n ${COLLECTOR_PATH}`}" ${look} lanekeeper-look`,
  `restrict ${change} lanekeeper-change`,
]

/** What a user other than root has to be allowed: the collector for the one key, a shell for the other. */
export const sudoersLine = ({ user }: Pick<Granted, 'user'>): string =>
  `${user} ALL=(root) NOPASSWD: ${COLLECTOR_PATH}, /usr/bin/sh`

/**
 * A script for root on the node that lets the two keys in; it may be run again, and takes back with \`remove\` what it did. The keys go
 * into authorized_keys2: on Proxmox VE root's authorized_keys is one file for the whole cluster (/etc/pve/priv/authorized_keys).
 */
export const installerScript = (granted: Granted): string => `#!/bin/sh
# Lets lanekeeper in: a key that may only look, and one that may change. "sh this-file remove" takes it back.
set -eu
user='${granted.user}'
home=$(getent passwd "$user" | cut -d: -f6)
[ -n "$home" ] || { echo "there is no user $user here: make one (useradd -m $user), or name another in the configuration" >&2; exit 1; }
keys=$home/.ssh/authorized_keys2
# The other keys. sed, since grep ends with 1 where no line is left: what cannot be read must end this script, not empty the file.
without() { if [ -e "$keys" ]; then sed '/ lanekeeper-look$/d; / lanekeeper-change$/d' "$keys"; fi; }

if [ "\${1:-}" = remove ]; then
  if [ -e "$keys" ]; then without >"$keys.new"; cat "$keys.new" >"$keys"; rm -f "$keys.new"; fi
  rm -f ${COLLECTOR_PATH} ${SUDOERS}
  echo 'removed: the keys, the collector, the sudo rule'
  exit 0
fi

cat >${COLLECTOR_PATH}.new <<'${END}'
${collectorScript()}${END}
chmod 755 ${COLLECTOR_PATH}.new
mv -f ${COLLECTOR_PATH}.new ${COLLECTOR_PATH}

mkdir -p "$home/.ssh"
{
  without
  cat <<'${END}'
${keyLines(granted).join('\n')}
${END}
} >"$keys.new"
chmod 600 "$keys.new"
chown "$user:" "$home/.ssh" "$keys.new"
chmod 700 "$home/.ssh"
mv -f "$keys.new" "$keys"
${granted.user === 'root' ? '' : sudoers(granted)}
sshd -T 2>/dev/null | grep -qi '^authorizedkeysfile .*authorized_keys2' ||
  echo 'WARNING: sshd does not read authorized_keys2 here: add it to AuthorizedKeysFile in /etc/ssh/sshd_config' >&2
echo "done: $user may be looked at by one key, and changed by the other"
`

const sudoers = (granted: Granted): string => `
echo '${sudoersLine(granted)}' >${SUDOERS}.new
chmod 440 ${SUDOERS}.new
visudo -cqf ${SUDOERS}.new || { rm -f ${SUDOERS}.new; echo 'sudo does not take the rule' >&2; exit 1; }
mv -f ${SUDOERS}.new ${SUDOERS}
`
