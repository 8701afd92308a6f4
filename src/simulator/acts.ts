import { createHash } from 'node:crypto'
import { CALLS_BEGIN } from '../boot/act-script.ts'
import { SCRIPT_PATH } from '../bootconfig/vfio-script.ts'
import { WriteRefused } from './disk.ts'
import { espAct } from './esp-model.ts'
import { GRUB_ENV, GUEST_CONF, PIN } from './files.ts'
import type { SimulatedNode } from './node.ts'

interface Call {
  readonly name: string
  readonly args: readonly string[]
  readonly input: string
}

/** Does what src/boot/acts/ would do on a real node, and answers in its words. */
export function answerActs(node: SimulatedNode, script: string): string {
  const out: string[] = []
  for (const call of readCalls(script)) {
    const answer = performed(node, call)
    out.push(...answer)
    if (answer.some((line) => line.startsWith('failed '))) return `${out.join('\n')}\n`
  }
  return `${[...out, 'done'].join('\n')}\n`
}

function readCalls(script: string): Call[] {
  const calls = script.slice(script.lastIndexOf(`\n${CALLS_BEGIN}\n`) + CALLS_BEGIN.length + 2)
  return [...calls.matchAll(/^(\w+)((?: '(?:[^']|'\\'')*')*)(?: <<'LANEKEEPER'\n([\s\S]*?)^LANEKEEPER)?$/gm)]
    .filter(([, name]) => name !== 'printf')
    .map(([, name = '', args = '', input = '']) => ({
      name,
      args: [...args.matchAll(/'((?:[^']|'\\'')*)'(?= |$)/g)].map(([, word = '']) => word.replaceAll(`'\\''`, "'")),
      input: Buffer.from(input, 'base64').toString('utf8'),
    }))
}

/** A setting of a file that is a line of its own, from one form to another; an act that only expects changes nothing. */
function setTo(
  { files }: SimulatedNode,
  act: string,
  path: string,
  { from, to }: { from: string; to: string },
): string[] {
  const text = files.get(path) ?? ''
  const key = (from || to).replace(/[=:].*\n$/, '')
  const have = text.split(/(?<=\n)/).find((line) => key !== '' && line.startsWith(key)) ?? ''
  const expects = act.startsWith('expect')
  if (!expects && have === to) return []
  if (have !== from) return [`failed changed ${path} is not what the plan was made for`]
  if (!expects) files.set(path, have === '' ? text + to : text.replace(have, to))
  return []
}

/** A disk that takes nothing fails an act as it would fail the shell's. */
function performed(node: SimulatedNode, call: Call): string[] {
  try {
    return perform(node, call)
  } catch (error) {
    if (error instanceof WriteRefused) return [`failed write ${error.message}`]
    throw error
  }
}

/** An initramfs holds of all things what counts here: the script that gives devices to vfio-pci. */
const initramfsOf = (release: string): string => `/boot/initrd.img-${release}`

function perform(node: SimulatedNode, { name, args, input }: Call): string[] {
  const { files } = node
  const [first = '', second = '', third = '', fourth = ''] = args
  const fail = (why: string, words: string) => [`failed ${why} ${words}`]
  const fault = node.faults.get(name)
  if (fault !== undefined) return fail(fault, `${name} fails on this simulated node`)
  switch (name) {
    case 'same_boot':
      return first === node.bootId ? [] : fail('other-boot', `this is boot ${node.bootId}, not ${first}`)
    case 'tell_boot':
      return [`said boot ${node.bootId}`, `said line ${node.line}`]
    case 'tell_clock':
      return [`said clock ${Math.floor(node.now().getTime() / 1000)}`]
    case 'show': {
      const text = files.get(first)
      return [text === undefined ? `absent ${first}` : `file ${first} ${Buffer.from(text).toString('base64')}`]
    }
    case 'keep':
      if (files.has(first) && !files.has(second)) files.set(second, files.get(first) ?? '')
      return []
    case 'anew':
      files.set(first, input)
      return []
    case 'alone':
    case 'remember':
    case 'stage_initramfs':
    case 'check_grub':
    case 'guard_on':
      return []
    case 'expect':
      return node.sha256Of(first) === second ? [] : fail('changed', `${first} is not what the plan was made for`)
    case 'expect_grub_env':
    case 'grub_env': {
      const setting = (value: string) => (value === '' ? '' : `${first}=${value}\n`)
      return setTo(node, name, GRUB_ENV, { from: setting(second), to: setting(third) })
    }
    case 'expect_onboot':
    case 'set_onboot': {
      const setting = (value: string) => (value === '1' ? 'onboot: 1\n' : '')
      return setTo(node, name, GUEST_CONF, { from: setting(second), to: setting(third) })
    }
    case 'expect_pin':
    case 'set_pin': {
      const pin = (release: string) => (release === '' ? '' : `${release}\n`)
      const have = files.get(PIN) ?? ''
      if (name === 'set_pin' && have === pin(second)) return []
      if (have !== pin(first)) return fail('changed', `another kernel is pinned than the plan was made for`)
      if (name === 'expect_pin') return []
      if (second === '') files.delete(PIN)
      else files.set(PIN, pin(second))
      return node.generate() ? [] : fail('tool', 'proxmox-boot-tool failed')
    }
    case 'build_initramfs':
      files.set(third, files.get(`${second}/scripts/init-top/lanekeeper-vfio`) ?? '')
      return []
    case 'renew_initramfs':
    case 'give_back_initramfs':
      files.set(initramfsOf(first), files.get(SCRIPT_PATH) ?? '')
      return []
    case 'take_back_config':
      if (!files.has(second)) return fail('changed', `the kept copy ${second} is gone`)
      if (files.get(first) !== files.get(second)) files.set(first, files.get(second) ?? '')
      return []
    case 'put': {
      const have = node.sha256Of(first)
      if (have === fourth) return []
      if (have !== third)
        return fail('changed', `${first} is not what the plan was made for: expected ${third}, found ${have}`)
      if (createHash('sha256').update(input).digest('hex') !== fourth)
        return fail('write', `${first} did not arrive whole`)
      files.set(first, input)
      return []
    }
    case 'take_back': {
      const have = node.sha256Of(first)
      if (have === node.sha256Of(second)) return []
      if (have !== third) return [`left ${first}`]
      files.set(first, files.get(second) ?? '')
      return []
    }
    case 'restore':
      if (third !== 'any' && ![third, node.sha256Of(second)].includes(node.sha256Of(first))) {
        return fail('changed', `${first} was edited by somebody else`)
      }
      if (files.get(first) !== files.get(second)) files.set(first, files.get(second) ?? '')
      return []
    case 'drop':
      if (files.has(first) && ![node.sha256Of(first), 'any'].includes(second))
        return fail('changed', `${first} was edited by somebody else`)
      files.delete(first)
      return []
    case 'drop_ours':
      if (files.has(first) && node.sha256Of(first) !== second) return [`left ${first}`]
      files.delete(first)
      return []
    case 'disarmed':
      files.delete(first)
      return []
    case 'expect_armed':
      return files.has(first) ? [] : fail('disarmed', 'the trial is not armed any more')
    case 'guard_off':
      // Stopping the unit of a running trial disarms it, as on a real node.
      node.decided ??= 'stopped'
      files.delete('/etc/lanekeeper/guard.sh')
      files.delete('/etc/systemd/system/lanekeeper-guard.service')
      return []
    case 'flag_arm':
      if (node.flag === second.replace('armed-', 'spent-'))
        return fail('spent', 'the flag of this trial is spent: it has been tried')
      node.flag = second
      return []
    case 'flag_drop':
      node.flag = null
      return []
    case 'confirm':
      if (first !== node.bootId) return fail('other-boot', `this is boot ${node.bootId}, not ${first}`)
      if (node.decided === null || node.decided === 'stopped') node.decided = first
      return node.decided === first ? [] : fail('guard-fired', 'the guard has begun to go back')
    case 'if_it_can': {
      const answers = perform(node, { name: first, args: args.slice(1), input })
      return answers.some((line) => line.startsWith('failed ')) ? [`left ${second}`] : answers
    }
    case 'on_esp_if_there':
    case 'on_esp':
      return perform(node, { name: second, args: [`${first}:${third}`, ...args.slice(3)], input })
    case 'update_grub':
      return node.generate() ? [] : fail('generate', 'update-grub failed')
    case 'restart':
      if (first === node.bootId && node.reachable) node.restart()
      return []
    default:
      return espAct(node, name, first, input) ?? fail('unknown', `the simulated node does not know the act ${name}`)
  }
}
