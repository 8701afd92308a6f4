import type { Facts } from '../facts/facts.ts'
import type { BootChain } from './chain.ts'
import { grub } from './grub.ts'
import { grubEsp } from './grub-esp.ts'
import { systemdBoot } from './systemd-boot.ts'

/** The boot chains lanekeeper knows, and carries changes out on. */
export const chains: readonly BootChain[] = [grub, grubEsp, systemdBoot]

/** The chain that started the running boot; undefined where the evidence does not say, or names one that is not known here. */
export const chainOf = (facts: Facts): BootChain | undefined => chains.find((chain) => chain.boots(facts) === true)
