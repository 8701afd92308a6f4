import { describe, expect, it } from 'vitest'
import { collect } from '../../src/facts/collect.ts'
import { learn } from '../../src/facts/learn.ts'
import type { Probe } from '../../src/facts/probe.ts'
import { type ProbeName, probes } from '../../src/facts/probes.ts'
import { fakeRoot, localNode } from './local-node.ts'

const now = () => new Date('2026-11-22T09:00:00Z')

async function look(names: readonly ProbeName[], files: Parameters<typeof fakeRoot>[0]) {
  const { rewrite, root } = fakeRoot(files)
  const asked = probes.filter(({ name }) => names.includes(name)) as readonly Probe[]
  const capture = await collect(localNode({ rewrite }).transport, 'node3', { now, probes: asked })
  return { ...learn(capture), capture, root }
}

const efiVar = (bytes: readonly number[]) => Buffer.from([7, 0, 0, 0, ...bytes])
const wide = (text: string) => [...Buffer.from(text, 'utf16le')]
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c'
const PCI = 'sys/devices/pci0000:00'

describe('a node with Proxmox VE', () => {
  it('tells its firmware and its loader', async () => {
    const vars = 'sys/firmware/efi/efivars'
    const { facts } = await look(['firmware', 'boot-loader'], {
      [`${vars}/SecureBoot-${GLOBAL}`]: efiVar([1]),
      [`${vars}/BootCurrent-${GLOBAL}`]: efiVar([0x0a, 0]),
      [`${vars}/Boot000A-${GLOBAL}`]: efiVar([1, 0, 0, 0, 0x62, 0, ...wide('Linux Boot Manager'), 0, 0, 4, 1, 42, 0]),
      [`${vars}/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f`]: efiVar([...wide('systemd-boot 252.22'), 0, 0]),
      [`${vars}/MokListRT-605dab50-e046-4300-abb6-3dd810dd8b23`]: efiVar([1]),
      'sys/firmware/acpi/tables/DMAR': 'x',
      'sys/firmware/acpi/tables/APIC': 'x',
      'sys/firmware/acpi/tables/data/BERT': 'x',
      'sys/class/dmi/id/sys_vendor': 'HPE\n',
      'sys/class/dmi/id/product_name': 'ProLiant DL380 Gen10\n',
      'bin/bootctl': '#!/bin/sh\n',
      // As on a real node: efivarfs has no seek, and tail fails on a file there.
      'bin/tail': '#!/bin/sh\n[ $# -le 2 ] || exit 1\nPATH=/usr/bin:/bin exec tail "$@"\n',
      'bin/lsblk': `#!/bin/sh
echo 'NAME="/dev/sda" PARTTYPE="" UUID="" FSTYPE="" MOUNTPOINT=""'
echo 'NAME="/dev/sda2" PARTTYPE="c12a7328-f81f-11d2-ba4b-00a0c93ec93b" UUID="7B1A-22C1" FSTYPE="vfat" MOUNTPOINT=""'
echo 'NAME="/dev/sdb2" PARTTYPE="c12a7328-f81f-11d2-ba4b-00a0c93ec93b" UUID="7B1B-0001" FSTYPE="vfat" MOUNTPOINT="/boot/efi"'
echo 'NAME="/dev/sdc2" PARTTYPE="c12a7328-f81f-11d2-ba4b-00a0c93ec93b" UUID="" FSTYPE="" MOUNTPOINT=""'
`,
    })
    expect(facts.firmware).toEqual({
      efi: true,
      secureBoot: 'enabled',
      sysVendor: 'HPE',
      product: 'ProLiant DL380 Gen10',
      biosVersion: null,
      biosDate: null,
      acpiTables: ['APIC', 'DMAR'],
    })
    expect(facts['boot-loader']).toEqual({
      loaderInfo: 'systemd-boot 252.22',
      bootCurrent: 'Boot000A* Linux Boot Manager',
      shim: true,
      bootctl: true,
      efivarsWritable: true,
      esps: [
        { device: '/dev/sda2', uuid: '7B1A-22C1', fs: 'vfat', mountedAt: null },
        { device: '/dev/sdb2', uuid: '7B1B-0001', fs: 'vfat', mountedAt: '/boot/efi' },
        { device: '/dev/sdc2', uuid: '-', fs: '-', mountedAt: null },
      ],
    })
  })

  it('tells its guests, which run, what they are mapped to, and what holds them', async () => {
    const conf = 'etc/pve/nodes/node3/qemu-server/101.conf'
    const { facts, capture } = await look(['guests', 'running', 'mappings', 'locks'], {
      'etc/pve/local': { link: 'nodes/node3' },
      [conf]:
        '#a note\nname: media\nlock: backup\nhostpci0: 01:00,pcie=1\nonboot: 1\n\n[before]\nlock: snapshot\nname: old\n',
      'etc/pve/nodes/node3/qemu-server/102.conf': 'name: nas\n[s]\nlock: backup\n',
      'etc/pve/nodes/node3/lxc/200.conf': 'hostname: dns\nlxc.cgroup2.devices.allow: c 226:0 rwm\n',
      'etc/pve/nodes/other/qemu-server/300.conf': 'name: elsewhere\n',
      'etc/pve/mapping/pci.cfg': 'gpu\n\tmap id=10de:2504,iommugroup=12,node=node3,path=0000:01:00.0\n',
      'run/qemu-server/101.pid': '4711\n',
      'run/qemu-server/102.pid': '4712\n',
      'run/qemu-server/103.pid': '999999\n',
      'proc/4711/cmdline': '/usr/bin/kvm\0-id\x00101\0-pidfile\0/var/run/qemu-server/101.pid\0',
      'proc/4712/cmdline': '/usr/bin/something-else\0',
      'proc/net/unix':
        'ffff: 00000002 00000000 00010000 0001 01 1234 @/var/lib/lxc/200/command\nffff: 2 0 1 1 3 5 @x\n',
      'var/log/pve/tasks/active':
        'UPID:node3:00001267:01F0A2B4:6720C0DE:vzdump:101:root@pam: 0\nUPID:node3:00001267:01F0A2B4:6720C0DE:vncproxy:101:root@pam: 0\nUPID:node3:000F423F:01F0A2B4:6720C0DE:qmstart:101:root@pam: 0\n',
    })
    expect(
      facts.guests?.map(({ id, kind, name, onboot, hostpci }) => [id, kind, name, onboot, hostpci.length]),
    ).toEqual([
      [101, 'qemu', 'media', true, 1],
      [102, 'qemu', 'nas', false, 0],
      [200, 'lxc', 'dns', false, 0],
    ])
    expect(capture.probes.guests?.text).toContain(`${conf.replace('etc', '/etc')}:name: media`)
    expect(facts.running).toEqual([
      { kind: 'qemu', id: 101 },
      { kind: 'lxc', id: 200 },
    ])
    expect(facts.mappings).toEqual([
      {
        name: 'gpu',
        entries: [
          {
            node: 'node3',
            id: '10de:2504',
            paths: ['0000:01:00.0'],
            iommuGroup: 12,
            text: 'id=10de:2504,iommugroup=12,node=node3,path=0000:01:00.0',
          },
        ],
      },
    ])
    expect(facts.locks).toEqual([
      'guest 101 locked: backup',
      'task vzdump UPID:node3:00001267:01F0A2B4:6720C0DE:vzdump:101:root@pam:',
    ])
  })

  it('does not take a cluster file system that is gone for a node without guests', async () => {
    const { missing } = await look(['guests', 'mappings', 'locks', 'cluster', 'tasks'], { 'etc/pve/.keep': '' })
    expect(
      Object.entries(missing)
        .flatMap(([name, why]) => (why === 'not taken' ? [] : name))
        .sort(),
    ).toEqual(['cluster', 'guests', 'locks', 'mappings', 'tasks'])
  })

  it('tells the newest failed starts, newest first', async () => {
    const upid = (start: string, id: number) => `UPID:node3:000A1B2C:01F0A2B4:${start}:qmstart:${id}:root@pam:`
    const { facts } = await look(['tasks'], {
      'etc/pve/.members': '{}',
      'var/log/pve/tasks/active': `${upid('6720C0D1', 101)} 1 6720C0E1 start failed: QEMU exited with code 1\n${upid('6720C0DF', 105)} 0\n`,
      'var/log/pve/tasks/index': `${upid('6720C0D1', 101)} 6720C0E1 start failed: QEMU exited with code 1\n${upid('6720C0D2', 102)} 6720C0E1 OK\n${upid('6720C0D3', 103)} 6720C0E1 WARNINGS: 1\n${upid('6720C0D4', 104)} 6720C0E1 got timeout\n`,
      [`var/log/pve/tasks/1/${upid('6720C0D1', 101)}`]:
        'kvm: vfio: bad\nTASK ERROR: start failed: QEMU exited with code 1',
      [`var/log/pve/tasks/4/${upid('6720C0D4', 104)}`]: 'TASK ERROR: got timeout\n',
    })
    expect(facts.tasks).toEqual([
      { upid: upid('6720C0D4', 104), guest: 104, startedAt: 0x6720c0d4, lines: [], error: 'got timeout' },
      {
        upid: upid('6720C0D1', 101),
        guest: 101,
        startedAt: 0x6720c0d1,
        lines: ['kvm: vfio: bad'],
        error: 'start failed: QEMU exited with code 1',
      },
    ])
  })

  it('tells its cluster', async () => {
    const { facts } = await look(['cluster'], {
      'etc/pve/.members': `{
"nodename": "node3",
"version": 4,
"cluster": { "name": "lab", "version": 3, "nodes": 3, "quorate": 1 },
"nodelist": { "node3": { "id": 1, "online": 1, "ip": "10.0.0.1"} }
}
`,
      'etc/pve/ha/resources.cfg': 'vm: 101\n\tstate started\n\nct: 200\n\tgroup g\n',
      'etc/pve/ha/manager_status': '{"master_node":"a","node_status":{"a":"online","node3":"maintenance"}}',
      'bin/uname': '#!/bin/sh\necho node3.example.org\n',
      'bin/corosync-quorumtool': `#!/bin/sh
cat <<'END'
Votequorum information
----------------------
Expected votes:   3
Total votes:      2

Membership information
----------------------
    Nodeid      Votes Name
         1          2 node3 (local)
         2          1 node4
END
`,
      'etc/pve/datacenter.cfg': 'keyboard: de\nha: shutdown_policy=migrate\n',
    })
    expect(facts.cluster).toEqual({
      name: 'lab',
      ownVotes: 2,
      shutdownPolicy: 'migrate',
      fencing: false,
      members: 3,
      quorate: true,
      expectedVotes: 3,
      totalVotes: 2,
      ha: ['vm:101', 'ct:200'],
      maintenance: 'yes',
    })
  })

  it('tells what a reboot would disturb', async () => {
    const { facts } = await look(['upkeep'], {
      'bin/zpool': `#!/bin/sh
cat <<'END'
  pool: rpool
 state: ONLINE
  scan: scrub repaired 0B in 00:01:00 with 0 errors
  pool: tank
 state: DEGRADED
  scan: resilver in progress since Sun Nov 22 09:00:00 2026
END
`,
      'bin/dpkg-query': `#!/bin/sh
printf '%s\\n' 'installed bash' 'config-files old' 'half-configured nvidia-kernel-dkms'
`,
      'var/lib/dkms/nvidia/550.54/6.8.12-4-pve/x86_64/module/nvidia.ko': '',
      'var/lib/ceph/osd/ceph-3/type': 'bluestore',
      'var/lib/ceph/mon/ceph-node3/done': '',
      'bin/ceph': `#!/bin/sh
[ "$1" = osd ] || { echo 'Error: connection timed out'; exit 1; }
echo 'Error EBUSY: unsafe to stop osd(s) at this time'
exit 16
`,
    })
    expect(facts.upkeep).toEqual({
      resilvering: ['tank'],
      halfInstalled: ['nvidia-kernel-dkms (half-configured)'],
      dkms: [{ module: 'nvidia', kernel: '6.8.12-4-pve' }],
      ceph: ['osd: Error EBUSY: unsafe to stop osd(s) at this time'],
      unread: ['ceph mon ok-to-stop: Error: connection timed out'],
    })
  })

  it('tells its kernels and which is next', async () => {
    const files = {
      'boot/vmlinuz-6.8.12-4-pve': '',
      'boot/vmlinuz-6.8.12-11-pve': '',
      'bin/uname': '#!/bin/sh\necho 6.8.12-4-pve\n',
    }
    const grub = { ...files, 'boot/grub/grub.cfg': "menuentry 'x' {\n\tlinux\t/boot/vmlinuz-6.8.12-11-pve root=x\n" }
    const installed = ['6.8.12-11-pve', '6.8.12-4-pve']
    const plain = { installed, running: '6.8.12-4-pve', pinned: null, nextBoot: null, default: '6.8.12-11-pve' }
    expect((await look(['kernels'], grub)).facts.kernels).toEqual(plain)
    expect(
      (await look(['kernels'], { ...files, 'etc/kernel/proxmox-boot-uuids': '7B1A-22C1\n' })).facts.kernels,
    ).toEqual(plain)
    const saved = { ...grub, 'etc/default/grub': 'GRUB_DEFAULT=saved\n' }
    expect((await look(['kernels'], saved)).facts.kernels?.default).toBeNull()
    const pinned = { ...grub, 'etc/kernel/proxmox-boot-pin': '6.8.12-4-pve\n' }
    expect((await look(['kernels'], pinned)).facts.kernels).toMatchObject({
      pinned: '6.8.12-4-pve',
      default: '6.8.12-4-pve',
    })
  })

  it('tells how GRUB reads its files, and what stands under /boot', async () => {
    const { facts } = await look(['default-grub', 'default-grub-d', 'grub-syntax', 'grub-env', 'grub-cfg'], {
      'etc/default/grub':
        'GRUB_DEFAULT="1>2"\nGRUB_CMDLINE_LINUX_DEFAULT="quiet\nsecond line"\nGRUB_CMDLINE_LINUX=""\necho noise',
      'etc/default/grub.d/a.cfg': 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX root=ZFS=x"',
      'etc/default/grub.d/b.cfg': '',
      'etc/default/grub.d/c.cfg': '# über\r\n\n',
      'etc/default/grub.d/ignored.bak': 'GRUB_CMDLINE_LINUX=never',
      'boot/grub/grub.cfg':
        "menuentry 'Proxmox' --id 'simple' {\n\tlinux /boot/vmlinuz-1 ro quiet\n}\n  source $prefix/custom.cfg\n",
      'boot/grub/grubenv': `# GRUB Environment Block\nsaved_entry=simple\nnext_entry=a: b\n${'#'.repeat(100)}`,
      'proc/cmdline': 'BOOT_IMAGE=/boot/vmlinuz-1 ro quiet\n',
      'proc/self/mountinfo':
        '25 1 253:1 / / rw,relatime shared:1 - ext4 /dev/mapper/pve-root rw\n26 25 0:5 / /dev rw - devtmpfs udev rw\n',
      'sys/dev/block/253:1': { link: '../../devices/virtual/block/dm-1' },
      'sys/devices/virtual/block/dm-1/dm/uuid': 'LVM-abc\n',
      'sys/devices/virtual/block/dm-1/slaves/sda3': { link: '../../../../pci0000:00/0000:00:17.0/ata1/block/sda/sda3' },
      [`${PCI}/0000:00:17.0/ata1/block/sda/sda3/partition`]: '3\n',
      'bin/lsblk': '#!/bin/sh\necho 0c0e8d3a-0000-4000-8000-000000000001\n',
    })
    expect(facts['default-grub-d']?.map(({ path, text }) => [path.replace(/.*\//, ''), text])).toEqual([
      ['a.cfg', 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX root=ZFS=x"'],
      ['b.cfg', ''],
      ['c.cfg', '# über\r\n\n'],
    ])
    expect(facts['grub-syntax']).toEqual({
      errors: [],
      values: {
        GRUB_CMDLINE_LINUX: ' root=ZFS=x',
        GRUB_CMDLINE_LINUX_DEFAULT: 'quiet\nsecond line',
        GRUB_DEFAULT: '1>2',
      },
    })
    expect(facts['grub-env']).toMatchObject({
      variables: { saved_entry: 'simple', next_entry: 'a: b' },
      bootSource: '/dev/mapper/pve-root',
      bootUuid: '0c0e8d3a-0000-4000-8000-000000000001',
      bootFs: 'ext4',
      bootDisks: ['sda'],
      bootStack: 'lvm',
      bootWritable: true,
      grubDefault: '1>2',
      customSha256: 'absent',
      customSourced: true,
    })
    expect(facts['grub-cfg']).toEqual([
      {
        title: 'Proxmox',
        id: 'simple',
        image: '/boot/vmlinuz-1',
        words: ['ro', 'quiet'],
        recovery: false,
        path: 'simple',
        index: '0',
      },
    ])
  })

  it('tells why update-grub would fail', async () => {
    const open = await look(['grub-syntax'], { 'etc/default/grub': 'GRUB_CMDLINE_LINUX="quiet\n' })
    expect(open.facts['grub-syntax']?.errors.join()).toMatch(/etc\/default\/grub: .*[Uu]nterminated|Syntax error/)
    expect(open.facts['grub-syntax']?.values).toEqual({})
    const unknown = await look(['grub-syntax'], {
      'etc/default/grub': 'GRUB_CMDLINE_LINUX="quiet"\nGRUB_CMDLINE_LINUX+=" x"\n',
    })
    expect(unknown.facts['grub-syntax']?.errors.join()).toContain('not found')
    expect(unknown.facts['grub-syntax']?.errors.join()).toContain('exit status 127')
  })

  it('tells what /boot stands on, by the layers below it', async () => {
    const mounted = (source: string, number: string, fs = 'ext4', flags = 'rw') => ({
      'proc/self/mountinfo': `25 1 ${number} / / ${flags},relatime shared:1 - ${fs} ${source} rw\n`,
    })
    const stack = async (files: Parameters<typeof fakeRoot>[0]) => {
      const { bootStack, bootWritable } = (await look(['grub-env'], files)).facts['grub-env'] ?? {}
      return [bootStack, bootWritable]
    }
    const part = { [`${PCI}/0000:00:17.0/block/sda/sda1/partition`]: '1\n' }
    const link = (to: string) => ({ link: to })
    const sda1 = '../../devices/pci0000:00/0000:00:17.0/block/sda/sda1'
    expect(await stack({ ...mounted('/dev/sda1', '8:1'), ...part, 'sys/dev/block/8:1': link(sda1) })).toEqual([
      'plain',
      true,
    ])
    expect(await stack({ ...mounted('rpool/ROOT/pve-1', '0:30', 'zfs', 'ro') })).toEqual(['other', false])
    expect(
      await stack({ ...mounted('/dev/sda1', '0:31', 'btrfs'), ...part, 'sys/class/block/sda1': link(sda1) }),
    ).toEqual(['plain', true])
    const md = { 'sys/dev/block/9:0/md/level': 'raid1\n', 'sys/dev/block/9:0/slaves/.keep': '' }
    expect(await stack({ ...mounted('/dev/md0', '9:0'), ...md })).toEqual(['raid', true])
    const crypt = {
      'sys/dev/block/253:1/dm/uuid': 'LVM-x\n',
      'sys/dev/block/253:1/slaves/dm-0/dm/uuid': 'CRYPT-LUKS2-x\n',
    }
    expect(await stack({ ...mounted('/dev/mapper/pve-root', '253:1'), ...crypt })).toEqual(['crypt', true])
  })
})

describe('what the host stands on', () => {
  const block = (bdf: string, name: string) => `../../devices/pci0000:00/${bdf}/block/${name}`
  const files = {
    'proc/self/mountinfo':
      '25 1 253:1 / / rw shared:1 - ext4 /dev/mapper/pve-root rw\n26 25 0:31 / /data rw - btrfs /dev/sdb1 rw\n27 25 7:0 / /snap ro - squashfs /dev/loop0 ro\n',
    'sys/dev/block/253:1': { link: '../../devices/virtual/block/dm-1' },
    'sys/devices/virtual/block/dm-1/dm/uuid': 'LVM-abc\n',
    'sys/devices/virtual/block/dm-1/dm/name': 'pve-root\n',
    'sys/devices/virtual/block/dm-1/slaves/md0': { link: '../../md0' },
    'sys/devices/virtual/block/md0/slaves/sda3': { link: '../../../../pci0000:00/0000:00:17.0/block/sda/sda3' },
    'sys/devices/virtual/block/md0/slaves/nvme0n1': { link: '../../../nvme-subsystem/nvme-subsys0/nvme0n1' },
    [`${PCI}/0000:00:17.0/block/sda/sda3/partition`]: '3\n',
    'sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0n1/size': '1\n',
    'sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0': {
      link: '../../../pci0000:00/0000:00:0e.0/pci10000:e0/10000:e1:00.0/nvme/nvme0',
    },
    [`${PCI}/0000:00:0e.0/pci10000:e0/10000:e1:00.0/nvme/nvme0/address`]: '10000:e1:00.0\n',
    [`${PCI}/0000:00:18.0/block/sdb/sdb1/partition`]: '1\n',
    'sys/class/block/sdb1': { link: `${block('0000:00:18.0', 'sdb')}/sdb1` },
    'proc/spl/kstat/zfs/x': '',
    'sys/class/block/sdc1': { link: `${block('0000:00:19.0', 'sdc')}/sdc1` },
    [`${PCI}/0000:00:19.0/block/sdc/sdc1/partition`]: '1\n',
    'bin/zpool':
      '#!/bin/sh\nprintf "  pool: tank\\n state: ONLINE\\nconfig:\\n\\n\\tNAME  STATE\\n\\ttank ONLINE 0 0 0\\n\\t  /dev/sdc1 ONLINE 0 0 0\\n"\n',
    'bin/readlink': '#!/bin/sh\n[ "$1" = -f ] && shift && echo "$1" && exit; exec /bin/readlink "$@"\n',
    'proc/swaps': 'Filename Type Size Used Priority\n/dev/sdb1 partition 1 0 -2\n',
    'proc/net/route': 'Iface\tDestination\tGateway\nvmbr0\t00000000\t0100000A\n',
    'bin/ip':
      '#!/bin/sh\necho "5: vmbr0    inet 10.0.0.5/24 scope global vmbr0"; echo "6: wlan0@x  inet 10.0.1.5/24 scope global wlan0"\n',
    'sys/class/net/eno1/device': { link: '../../../devices/pci0000:00/0000:00:1f.6' },
    'sys/class/net/eno1/upper_bond0': { link: '../bond0' },
    'sys/class/net/bond0/upper_vmbr0': { link: '../vmbr0' },
    'sys/class/net/vmbr0/bridge/x': '',
    'sys/class/net/eno2/device': { link: '../../../devices/pci0000:00/0000:02:00.0' },
    'sys/class/net/wlan0/device': { link: '../../../devices/pci0000:00/0000:00:14.3' },
    'sys/class/net/eno3/device': { link: '../../../devices/pci0000:00/0000:03:10.1' },
    'sys/class/net/eno3/master': { link: '../ovs-system' },
    'sys/class/net/ovs-system/x': '',
    [`${PCI}/0000:00:1f.6/x`]: '',
    [`${PCI}/0000:02:00.0/x`]: '',
    [`${PCI}/0000:00:14.3/x`]: '',
    [`${PCI}/0000:03:10.1/physfn`]: { link: '../0000:03:00.0' },
    [`${PCI}/0000:03:00.0/x`]: '',
    'sys/bus/pci/devices/0000:00:02.0': { link: '../../../devices/pci0000:00/0000:00:02.0' },
    [`${PCI}/0000:00:02.0/boot_vga`]: '1\n',
  }

  it('is found through LVM, RAID, NVMe multipath, VMD, btrfs, ZFS, bonds, bridges, OVS and virtual functions', async () => {
    const { capture, facts } = await look(['host-devices'], files)
    expect(capture.probes['host-devices']?.text.trim().split('\n').sort()).toEqual(
      [
        'console boot_vga 0000:00:02.0',
        'disk / 0000:00:0e.0',
        'disk / 0000:00:17.0',
        'disk / 10000:e1:00.0',
        'disk /data 0000:00:18.0',
        'disk swap 0000:00:18.0',
        'disk tank 0000:00:19.0',
        'nic ovs-system 0000:03:00.0',
        'nic ovs-system 0000:03:10.1',
        'nic vmbr0 0000:00:1f.6',
        'nic wlan0 0000:00:14.3',
      ].sort(),
    )
    expect(facts['host-devices']).toHaveLength(11)
  })

  it('is not known, rather than half known, when a part cannot be looked at', async () => {
    const broken = await look(['host-devices'], { ...files, 'bin/zpool': '#!/bin/sh\necho "  pool: tank"; exit 1\n' })
    expect(broken.capture.probes['host-devices']?.text).toBe('')
    expect(broken.missing['host-devices']).toContain('could not look')
  })
})

describe('devices', () => {
  it('tell what sysfs holds, and tell a missing way to reset from a kernel that does not say', async () => {
    const device = (bdf: string, files: Record<string, string | { link: string }>) =>
      Object.fromEntries(Object.entries(files).map(([key, value]) => [`sys/bus/pci/devices/${bdf}/${key}`, value]))
    const gpu = {
      boot_vga: '1\n',
      power_state: 'D0\n',
      numa_node: '-1\n',
      driver_override: '(null)\n',
      d3cold_allowed: '0\n',
    }
    const nic = device('0000:02:00.0', { sriov_numvfs: '2\n', power_state: 'D3cold\n' })
    const vf = device('0000:02:10.0', { physfn: { link: '../0000:02:00.0' } })
    const old = await look(['pci-sysfs'], { ...device('0000:01:00.0', gpu), ...nic, ...vf })
    expect(old.facts['pci-sysfs']?.map((each) => each.resetMethods)).toEqual([null, null, null])
    const { facts } = await look(['pci-sysfs'], {
      ...device('0000:01:00.0', { ...gpu, reset_method: 'flr bus\n' }),
      ...nic,
      ...vf,
    })
    expect(facts['pci-sysfs']).toEqual([
      {
        address: '0000:01:00.0',
        resetMethods: ['flr', 'bus'],
        bootVga: true,
        d3coldAllowed: false,
        powerState: 'D0',
        numaNode: -1,
        driverOverride: null,
        sriovVfs: null,
        physfn: null,
      },
      expect.objectContaining({ address: '0000:02:00.0', resetMethods: [], sriovVfs: 2, powerState: 'D3cold' }),
      expect.objectContaining({ address: '0000:02:10.0', physfn: '0000:02:00.0' }),
    ])
  })

  it('tell their groups and reserved regions, and that there are none', async () => {
    const groups = 'sys/kernel/iommu_groups'
    const some = await look(['iommu-groups', 'reserved-regions', 'iommu-units'], {
      [`${groups}/0/devices/0000:00:02.0`]: { link: '../../../x' },
      [`${groups}/7/devices/10000:01:00.0`]: { link: '../../../x' },
      [`${groups}/0/reserved_regions`]: '0x000000003f000000 0x000000003f00ffff direct\n',
      [`${groups}/7/reserved_regions`]: '',
      'sys/class/iommu/dmar0': { link: 'x' },
    })
    expect(some.facts['iommu-groups']).toEqual([
      { id: 0, devices: ['0000:00:02.0'] },
      { id: 7, devices: ['10000:01:00.0'] },
    ])
    expect(some.facts['reserved-regions']).toEqual([
      { group: 0, start: '0x000000003f000000', end: '0x000000003f00ffff', type: 'direct' },
    ])
    expect(some.facts['iommu-units']).toEqual(['dmar0'])
    const none = await look(['iommu-groups', 'reserved-regions', 'iommu-units'], {
      [`${groups}/.keep`]: '',
      'sys/class/iommu/.keep': '',
    })
    expect(none.facts).toEqual({ 'iommu-groups': [], 'reserved-regions': [], 'iommu-units': [] })
    const unseen = await look(['iommu-groups', 'reserved-regions', 'iommu-units'], {})
    expect(unseen.facts).toEqual({})
  })
})

describe('the kernel log', () => {
  const dmesg = (text: string) => ({ 'bin/dmesg': `#!/bin/sh\ncat <<'END'\n${text}\nEND\n` })
  const none = { 'bin/journalctl': '#!/bin/sh\nexit 1\n' }

  it('comes from the journal, filtered, with its first line, and a storm is told 25 times', async () => {
    const storm = (n: number) =>
      `[  ${n}.0] node3 kernel: DMAR: [DMA Read NO_PASID] Request device [04:00.0] fault addr 0x${n.toString(16)}000 [fault reason 0x06] x`
    const text = [
      '[    0.000000] node3 kernel: Linux version 6.8.12-4-pve',
      '[    0.000000] node3 kernel: Command line: quiet',
      '[    0.100000] node3 kernel: random: crng init done',
      ...Array.from({ length: 1000 }, (_, n) => storm(n)),
      '[ 2000.000000] node3 kernel: vfio-pci 0000:01:00.0: resetting',
    ].join('\n')
    const { facts } = await look(['kernel-log'], {
      'bin/journalctl': `#!/bin/sh\ncat <<'END'\n${text}\nEND\n`,
      ...dmesg('no'),
    })
    expect(facts['kernel-log']?.reachesBoot).toBe(true)
    expect(facts['kernel-log']?.lines.slice(0, 2)).toEqual(['Linux version 6.8.12-4-pve', 'Command line: quiet'])
    expect(facts['kernel-log']?.lines).toHaveLength(2 + 25 + 1)
    expect(facts['kernel-log']?.lines.at(-1)).toBe('vfio-pci 0000:01:00.0: resetting')
  })

  it('comes from dmesg where there is no journal, and may have wrapped', async () => {
    const { facts } = await look(['kernel-log'], {
      ...none,
      ...dmesg('[86400.1] kvm: x\n[86400.2] vfio-pci 0000:01:00.0: reset done'),
    })
    expect(facts['kernel-log']).toEqual({ lines: ['kvm: x', 'vfio-pci 0000:01:00.0: reset done'], reachesBoot: false })
  })

  it('is not known where neither may be read', async () => {
    const { missing } = await look(['kernel-log'], { ...none, 'bin/dmesg': '#!/bin/sh\nexit 1\n' })
    expect(missing['kernel-log']).toContain('could not look')
  })
})

describe('health', () => {
  it('tells network cards, bridges, mounts, failed units and DMA faults', async () => {
    const { facts } = await look(['health'], {
      'bin/systemctl':
        '#!/bin/sh\n[ "$1" = is-system-running ] && { echo degraded; exit 1; }\necho "smartd.service loaded failed failed Self Monitoring"\n',
      'bin/dmesg':
        '#!/bin/sh\necho "DMAR: [DMA Write] Request device [04:00.0] fault addr bdf80000"; echo "DMAR: DRHD: handling fault status reg 3"; echo "pci: AMD-Vi: Event logged [IO_PAGE_FAULT device=x]"\n',
      'proc/self/mountinfo':
        '25 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n26 25 0:5 / /dev rw - devtmpfs udev rw\n27 25 8:2 / /data rw - xfs /dev/sdb1 ro,attr2\n28 25 8:3 / /bound ro,relatime - ext4 /dev/sdc1 rw\n',
      'sys/class/net/lo/address': '00:00:00:00:00:00\n',
      'sys/class/net/tap101i0/address': '02:00:00:00:00:01\n',
      'sys/class/net/eno1/address': 'aa:bb:cc:dd:ee:ff\n',
      'sys/class/net/eno1/operstate': 'up\n',
      'sys/class/net/vmbr0/address': 'aa:bb:cc:dd:ee:ff\n',
      'sys/class/net/vmbr0/operstate': 'up\n',
      'sys/class/net/vmbr0/brif/eno1/x': '',
      'sys/class/net/vmbr0/brif/tap101i0/x': '',
    })
    expect(facts.health).toEqual({
      nics: [
        { name: 'eno1', mac: 'aa:bb:cc:dd:ee:ff', state: 'up', address: null },
        { name: 'vmbr0', mac: 'aa:bb:cc:dd:ee:ff', state: 'up', address: null },
      ],
      bridges: [{ name: 'vmbr0', ports: ['eno1'] }],
      mounts: [
        { target: '/', fs: 'ext4', readOnly: false },
        { target: '/data', fs: 'xfs', readOnly: true },
        { target: '/bound', fs: 'ext4', readOnly: true },
      ],
      failedUnits: ['smartd.service'],
      dmaFaults: 2,
      system: 'degraded',
    })
  })
})

describe('the rest', () => {
  it('is read from its files', async () => {
    const { facts } = await look(
      ['clock', 'memory', 'iomem', 'modprobe-d', 'modules', 'initramfs', 'pveversion', 'lsmod', 'boot-tool'],
      {
        'sys/class/rtc/rtc0/date': '2026-11-22\n',
        'sys/class/rtc/rtc0/time': '09:00:00\n',
        'etc/adjtime': '0.0 0 0.0\n0\nLOCAL\n',
        'proc/meminfo': 'MemTotal:       65843212 kB\nMemAvailable:   4194304 kB\nHugePages_Total:       0\n',
        'run/pvedaemon.pid': '77\n',
        'proc/77/limits':
          'Limit Soft Hard Units\nMax locked memory         8388608              8388608              bytes\n',
        'proc/iomem':
          '00000000-00000fff : Reserved\n2800000000-2fffffffff : PCI Bus 0000:c0\n  2800000000-2fffffffff : 0000:c3:00.0\n    2800000000-2801fa3fff : BOOTFB\n      2800000000-2801fa3fff : simpledrm\n  3000000000-3000000fff : 0000:c4:00.0\n',
        'etc/modprobe.d/vfio.conf': 'options vfio-pci ids=10de:1b80\n',
        'etc/modules': 'vfio\n',
        'etc/modules-load.d/x.conf': 'vfio_pci\n',
        'boot/initrd.img-6.8.12-4-pve': '',
        'bin/uname': '#!/bin/sh\necho 6.8.12-4-pve\n',
        'usr/bin/pveversion': '',
        'bin/dpkg-query':
          '#!/bin/sh\nprintf "ii  proxmox-ve 8.2.0\\nii  pve-manager 8.2.4\\nrc  pve-kernel-5.15 7.4-1\\nhi  qemu-server 8.2.6\\n"; exit 1\n',
        'usr/share/perl5/PVE/pvecfg.pm': "  my $x = {\n    'repoid' => 'faa83925c9641325',\n",
        'proc/modules': 'vfio_pci 16384 1 - Live 0x0\nkvm 1404928 1 kvm_intel, Live 0x0\n',
        'etc/kernel/.keep': '',
      },
    )
    expect(facts.clock).toMatchObject({ rtc: Date.UTC(2026, 10, 22, 9) / 1000, rtcInUtc: false })
    expect(facts.memory).toEqual({ totalKib: 65843212, availableKib: 4194304, hugePagesTotal: 0, memlockKib: 8192 })
    expect(facts.iomem).toEqual([
      { range: '2800000000-2801fa3fff', name: 'BOOTFB', device: '0000:c3:00.0' },
      { range: '2800000000-2801fa3fff', name: 'simpledrm', device: '0000:c3:00.0' },
    ])
    expect(facts['modprobe-d']?.map(({ line }) => line)).toEqual(['options vfio-pci ids=10de:1b80'])
    expect(facts.modules?.map(({ line }) => line)).toEqual(['vfio', 'vfio_pci'])
    expect(facts.initramfs?.image).toBeGreaterThan(1_700_000_000)
    expect(facts.initramfs?.newestPath).toMatch(/etc\/mod/)
    expect(facts.pveversion).toEqual({
      manager: '8.2.4',
      running: '6.8.12-4-pve',
      packages: { 'proxmox-ve': '8.2.0', 'pve-manager': '8.2.4', 'qemu-server': '8.2.6' },
    })
    expect(facts.lsmod).toEqual(['vfio_pci', 'kvm'])
    expect(facts['boot-tool']).toEqual({ managed: false, booted: null, esps: [], warnings: [] })
  })
})
