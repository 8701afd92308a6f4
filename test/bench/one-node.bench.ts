import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { probes } from '../../src/facts/probes.ts'
import { compileScript } from '../../src/facts/script.ts'
import { visit } from '../../src/think.ts'
import { missing, realNode } from '../ssh/real-node.ts'
import { LONG } from '../ssh/rig.ts'
import { publicKey } from '../ssh/sshd.ts'
import { tool } from '../tool.ts'
import { alternating, measured, ms, type Row } from './figures.ts'

const ROUNDS = 9
const rows: Row[] = []
afterAll(() => console.table(rows))

describe.skipIf(missing !== null)('one node, a real sshd on loopback', () => {
  test('a diagnosis, cold and warm, beside what a person would type', async () => {
    const { home, key, hostKeys, sshd, connect } = await realNode()
    const script = compileScript(probes, '0123456789abcdef')
    const known = join(home, 'known_hosts')
    writeFileSync(known, `[127.0.0.1]:${sshd.port} ${publicKey(hostKeys[0] ?? '')}\n`)
    const options = ['-F', 'none', '-i', key, '-o', `UserKnownHostsFile=${known}`, '-o', 'BatchMode=yes']
    const ssh = async (command: string, input: string) => {
      const { code, stdout, stderr } = await measured(
        'ssh',
        [...options, '-p', String(sshd.port), '127.0.0.1', command],
        {
          input,
        },
      )
      // A probe by itself may end with any status: what it asks for is not everywhere.
      expect(code, stdout + stderr).not.toBe(255)
    }
    const now = () => new Date()
    const ask = { target: null }
    const warm = connect()
    await visit(warm, 'pve1', ask, { now })
    const cold = async () => {
      const transport = connect()
      await visit(transport, 'pve1', ask, { now })
      await transport.close()
    }
    const eachProbe = async () => {
      for (const { snippet } of probes) await warm.run('pve1', snippet, { ...LONG, timeoutMs: 60_000 })
    }
    const eachBySsh = async () => {
      for (const { snippet } of probes) await ssh('sh -s', snippet)
    }
    const playbook = join(home, 'play.yml')
    const file = join(home, 'probes.sh')
    writeFileSync(file, script, { mode: 0o755 })
    writeFileSync(
      join(home, 'hosts'),
      `pve1 ansible_host=127.0.0.1 ansible_port=${sshd.port} ansible_ssh_private_key_file=${key} ansible_ssh_common_args="-F none -o UserKnownHostsFile=${known}"\n`,
    )
    writeFileSync(playbook, `- hosts: all\n  gather_facts: false\n  tasks:\n    - ansible.builtin.script: ${file}\n`)
    const ansible = async () => {
      const { code, stdout, stderr } = await measured('ansible-playbook', ['-i', join(home, 'hosts'), playbook], {
        env: { ...process.env, HOME: home, ANSIBLE_NOCOLOR: '1' },
      })
      expect(code, stdout + stderr).toBe(0)
    }
    const {
      cold: ours,
      warm: again,
      'ssh sh -s': bare,
    } = await alternating(ROUNDS, {
      cold,
      warm: () => visit(warm, 'pve1', ask, { now }),
      'ssh sh -s': () => ssh('sh -s', script),
    })
    const { run } = await alternating(ROUNDS, {
      run: () => warm.run('pve1', script, { timeoutMs: 60_000, maxBytes: 1 << 26 }),
    })
    const { 'one exec a probe': execs, 'one ssh a probe': sshs } = await alternating(3, {
      'one exec a probe': eachProbe,
      'one ssh a probe': eachBySsh,
    })
    const has = tool('ansible-playbook', 'ansible-core')
    const play = has ? (await alternating(3, { play: ansible })).play : undefined
    const row = (figure: string, mine: number, beside: string, other: number, goal: string, met: boolean) =>
      rows.push({
        figure,
        ours: ms(mine),
        beside: `${beside}: ${ms(other)}`,
        ratio: (mine / other).toFixed(2),
        goal,
        met,
      })
    if (!ours || !again || !bare || !execs || !sshs || !run) throw new Error('nothing was measured')
    row('cold diagnosis', ours.median, 'ssh node sh -s', bare.median, 'at most 1.15', ours.median <= 1.15 * bare.median)
    row('warm diagnosis', again.median, 'cold ssh', bare.median, 'at most 0.5', again.median <= 0.5 * bare.median)
    row('  of it the script itself', run.median, 'cold ssh', bare.median, '', true)
    row(
      'warm diagnosis',
      again.median,
      'one exec a probe, warm',
      execs.median,
      'at most 0.2',
      again.median <= 0.2 * execs.median,
    )
    row('cold diagnosis', ours.median, 'one ssh a probe', sshs.median, 'at most 0.2', ours.median <= 0.2 * sshs.median)
    if (play)
      row('cold diagnosis', ours.median, 'ansible script module', play.median, 'less', ours.median < play.median)
    else console.warn('not measured beside Ansible: install ansible-core')
  })
})
