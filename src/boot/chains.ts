import type { Facts } from '../facts/facts.ts'
import type { BootChain, BootForecaster } from './chain.ts'
import { grub } from './grub.ts'
import { systemdBoot } from './systemd-boot.ts'

/** The boot chains lanekeeper carries changes out on. */
export const actingChains: readonly BootChain[] = [grub]

/** The boot chains it makes plans for; on those without acts a person carries the plan out. */
const chains: readonly BootForecaster[] = [...actingChains, systemdBoot]

/** The chain that started the running boot; undefined where the evidence does not say, or names one that is not known here. */
export const chainOf = (facts: Facts): BootForecaster | undefined => chains.find((chain) => chain.boots(facts) === true)
