import type { Refusal } from '../errors.ts'

/** Says no while a kernel is pinned for the next boot: Proxmox's own service would unpin it in the trial, and another would follow (FACTS 1.4). */
export const pinnedForNextBoot = (release: string): Refusal => ({
  refused: `kernel ${release} is pinned for the next boot only, and another one would follow it`,
  hint: 'clear it first: proxmox-boot-tool kernel unpin --next-boot',
})
