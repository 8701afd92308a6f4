import { expect, test } from 'vitest'
import { kernelPackages } from '../../src/facts/probes/kernel-packages.ts'

const FOLDER = '/var/lib/lanekeeper/packages'
const SUM = 'a'.repeat(64)

test('packages of kernels, with the sum that lies beside them', () => {
  const text = [
    `deb: ${FOLDER}/pve-kernel-5.15.158-2-pve-relaxablermrr_5.15.158-2_amd64.deb ${SUM} pve-kernel-5.15.158-2-pve-relaxablermrr 5.15.158-2`,
    `deb: ${FOLDER}/b.deb - proxmox-kernel-6.8.12-4-pve-signed 6.8.12-4`,
    `deb: ${FOLDER}/c.deb ${SUM} pve-headers-5.15.158-2-pve 5.15.158-2`,
    `deb: /tmp/d.deb ${SUM} pve-kernel-5.15.158-2-pve 5.15`,
    'dpkg-deb: error: not a Debian format archive',
  ].join('\n')
  expect(kernelPackages.parse(text)).toMatchObject([
    { release: '5.15.158-2-pve-relaxablermrr', sha256: SUM },
    { release: '6.8.12-4-pve', sha256: null, name: 'proxmox-kernel-6.8.12-4-pve-signed' },
  ])
  expect(kernelPackages.parse('')).toEqual([])
})
