import { z } from 'zod'
import { defineProbe, NotLearned } from '../probe.ts'
import { snippetFile } from '../script.ts'
import { content, keyed, yesNo } from '../text.ts'

/** What the firmware is and offers. null = not shown. `acpiTables` holds table names such as DMAR and IVRS. */
export const Firmware = z.object({
  efi: z.boolean().nullable(),
  secureBoot: z.enum(['enabled', 'disabled', 'unknown']),
  sysVendor: z.string().nullable(),
  product: z.string().nullable(),
  biosVersion: z.string().nullable(),
  biosDate: z.string().nullable(),
  acpiTables: z.array(z.string()).nullable(),
})
export type Firmware = z.infer<typeof Firmware>

export const firmware = defineProbe({
  name: 'firmware',
  snippet: snippetFile('firmware'),
  schema: Firmware,
  parse: parse,
})

function parse(text: string): Firmware {
  const key = keyed(content(text))
  const secure = key('secure-boot')
  const tables = key('acpi-tables')
  const firmware: Firmware = {
    efi: yesNo(key('efi')),
    secureBoot: secure === 'enabled' || secure === 'disabled' ? secure : 'unknown',
    sysVendor: key('sys-vendor'),
    product: key('product'),
    biosVersion: key('bios-version'),
    biosDate: key('bios-date'),
    acpiTables: tables === null ? null : tables.split(/\s+/),
  }
  const { secureBoot, ...rest } = firmware
  if (secureBoot === 'unknown' && Object.values(rest).every((value) => value === null)) {
    throw new NotLearned('no line that is known')
  }
  return firmware
}
