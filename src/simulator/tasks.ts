import type { ServerChannel } from 'ssh2'
import type { SimulatedNode } from './node.ts'

/** A guest does not start: a line is added to the task index, as Proxmox adds it when the task ends. */
export function failStart({ tasks, now }: SimulatedNode, status: string, guest = 101): void {
  const hex = (seconds: number) => Math.floor(seconds).toString(16).toUpperCase().padStart(8, '0')
  const end = hex(now().getTime() / 1000)
  const pid = hex(2577 + tasks.lines.length)
  const line = `UPID:sim:${pid}:00B00B5E:${end}:qmstart:${guest}:root@pam: ${end} ${status}`
  tasks.lines.push(line)
  for (const hear of tasks.heard) hear(line)
}

/** Answers the script that follows a node's tasks: the boot and the clock, the last lines, and each one that is added. */
export function followTasks({ tasks, bootId, now }: SimulatedNode, channel: ServerChannel): void {
  const say = (line: string) => void channel.write(`${line}\n`)
  say(`boot ${bootId} ${Math.floor(now().getTime() / 1000)}`)
  for (const line of tasks.lines.slice(-50)) say(line)
  tasks.heard.add(say)
  channel.on('close', () => tasks.heard.delete(say))
}
