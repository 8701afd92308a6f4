// biome-ignore-all lint/suspicious/noTemplateCurlyInString: text of other shells
import { beforeAll, describe, expect, test } from 'vitest'
import { endsWell, type GrubConfig, parseGrubConfig, sourcesCustom } from '../../src/bootconfig/grub-config.ts'
import { defaultEntry } from '../../src/bootconfig/grub-default-entry.ts'
import { editGrubDefaults, type GrubFile } from '../../src/bootconfig/grub-defaults.ts'
import { isRefusal } from '../../src/errors.ts'
import { tool } from '../tool.ts'
import { makeGrubConfig } from './mkconfig.ts'

const read = (text: string): GrubConfig => {
  const config = parseGrubConfig(text)
  if (isRefusal(config)) throw new Error(config.refused)
  return config
}
const DEFAULTS: GrubFile[] = [
  {
    path: '/etc/default/grub',
    text: 'GRUB_DEFAULT=0\nGRUB_TIMEOUT=5\nGRUB_DISTRIBUTOR="Proxmox VE"\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX=""\n',
  },
  {
    path: '/etc/default/grub.d/zfs.cfg',
    text: 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX boot=zfs dyndbg=\\"file a.c +p\\""\n',
  },
]

describe.skipIf(!tool('grub-mkconfig', 'grub2-common'))('what the real grub-mkconfig generates', () => {
  let text = ''
  beforeAll(() => {
    text = makeGrubConfig(DEFAULTS)
  })

  test('is read: entries, submenu, paths, kernels, words, initrds', () => {
    const config = read(text)
    const [simple, advanced] = config.entries
    expect(config.grubDefault).toBe('0')
    expect(simple).toMatchObject({
      title: 'Proxmox VE GNU/Linux',
      image: '/boot/vmlinuz-6.8.12-4-pve',
      words: ['root=/dev/mapper/pve-root', 'ro', 'boot=zfs', '"dyndbg=file a.c +p"', 'quiet'],
      initrd: ['/boot/initrd.img-6.8.12-4-pve'],
      conditional: false,
    })
    expect(advanced?.id).toMatch(/^gnulinux-advanced-/)
    expect(advanced?.entries?.map(({ title }) => title)).toEqual([
      'Proxmox VE GNU/Linux, with Linux 6.8.12-4-pve',
      'Proxmox VE GNU/Linux, with Linux 6.8.12-4-pve (recovery mode)',
      'Proxmox VE GNU/Linux, with Linux 6.8.12-2-pve',
      'Proxmox VE GNU/Linux, with Linux 6.8.12-2-pve (recovery mode)',
    ])
    const old = advanced?.entries?.[2]
    expect(old?.path).toBe(`${advanced?.id}>${old?.id}`)
    expect(defaultEntry(config, { grubDefault: old?.path ?? '' })).toBe(old)
    expect(text).toContain(old?.body)
  })

  test('is known to be whole, and to read custom.cfg', () => {
    expect([endsWell(text), sourcesCustom(text)]).toEqual([true, true])
    expect(endsWell(text.slice(0, -60))).toBe(false)
    expect(endsWell(`${text}### BEGIN /etc/grub.d/42_more ###\n`)).toBe(false)
    expect(sourcesCustom(text.replace(/^ {2}source \$\{config/m, '  # source ${config'))).toBe(false)
    expect(isRefusal(parseGrubConfig(text.slice(0, text.indexOf('initrd'))))).toBe(true)
  })

  test('has exactly the edited words on its kernel lines', () => {
    const edited = editGrubDefaults(DEFAULTS, { add: ['intel_iommu=on,relax_rmrr', 'iommu=pt'], remove: ['quiet'] })
    if (isRefusal(edited)) throw new Error(edited.refused)
    const files = DEFAULTS.map(({ path, text }) => ({
      path,
      text: edited.edits.find((edit) => edit.path === path)?.after ?? text,
    }))
    const [simple, advanced] = read(makeGrubConfig(files)).entries
    const wanted = [
      'root=/dev/mapper/pve-root',
      'ro',
      'boot=zfs',
      '"dyndbg=file a.c +p"',
      'intel_iommu=on,relax_rmrr',
      'iommu=pt',
    ]
    expect(simple?.words).toEqual(wanted)
    expect(advanced?.entries?.[2]?.words).toEqual(wanted)
    expect(advanced?.entries?.[1]?.words).toEqual([
      'root=/dev/mapper/pve-root',
      'ro',
      'single',
      'boot=zfs',
      '"dyndbg=file a.c +p"',
    ])
  })

  test('renames an old title as 10_linux has GRUB do', () => {
    const title = 'Proxmox VE GNU/Linux, with Linux 6.8.12-2-pve'
    const config = read(
      makeGrubConfig([{ path: '/etc/default/grub', text: `GRUB_DISTRIBUTOR="Proxmox VE"\nGRUB_DEFAULT="${title}"\n` }]),
    )
    expect(config.grubDefault).toBe(title)
    expect(defaultEntry(config)).toMatchObject({ title })
  })

  test('takes the saved entry, and lets next_entry win', () => {
    const config = read(makeGrubConfig([{ path: '/etc/default/grub', text: 'GRUB_DEFAULT=saved\n' }]))
    expect(config.grubDefault).toBe('saved')
    expect(defaultEntry(config, { savedEntry: '1>2' })).toMatchObject({ image: '/boot/vmlinuz-6.8.12-2-pve' })
    expect(defaultEntry(config, { savedEntry: null })).toBe(config.entries[0])
    expect(defaultEntry(config, { grubDefault: '0', nextEntry: '1>2' })).toMatchObject({
      image: '/boot/vmlinuz-6.8.12-2-pve',
    })
  })
})

const MENU = `
menuentry 'Zero' --id zero {
 linux /zero
}
submenu 'Adv > opts' --id adv {
  menuentry 'A0' --id a0 {
    linux /a0
  }
  menuentry '1st' --id first {
    linux /first
  }
  submenu 'Deep' --id deep {
    menuentry 'D0' { linux /d0
    }
    menuentry 'D1' --id=d1 { linux /d1 # }
    }
  }
}
function f { menuentry 'not now' { linux /never
} }
menuentry "a>b" --class q {
  linux /ab
}
menuentry '7zip' --id seven { linux /seven
}
menuentry 'Zero' { linux /zero2
}
`

/** Each of these was booted by GRUB 2.06 in QEMU, and went where it says. */
test.each([
  ['0', '/zero'],
  ['1', '/a0'],
  ['1>1', '/first'],
  ['1>2>1', '/d1'],
  ['1>2', '/d0'],
  ['adv', '/a0'],
  ['adv>first', '/first'],
  ['Adv >> opts>1st', '/first'],
  ['adv>1st', '/first'],
  ['a>>b', '/ab'],
  ['a>b', '/zero'],
  ['99', '/zero'],
  ['nope', '/zero'],
  ['2 foo', '/ab'],
  ['010', '/zero'],
  ['0x2', '/ab'],
  ['7zip', '/zero'],
  ['seven', '/seven'],
  ['1>nope', '/a0'],
  ['adv>99', '/a0'],
  ['zero>x', '/zero'],
  ['adv>deep>d1', '/d1'],
  ['deep', '/zero'],
  ['-1', '/zero'],
  [' 2', '/ab'],
  ['08', '/zero'],
  ['Zero', '/zero'],
  ['4', '/zero2'],
])('GRUB_DEFAULT %j boots %s', (grubDefault, image) => {
  expect(defaultEntry(read(MENU), { grubDefault })).toMatchObject({ image })
})

test('refuses to say which entry boots where a condition decides', () => {
  const menu = `if [ $x = y ]; then\nmenuentry 'Maybe' --id m {\n linux /m\n}\nfi\n${MENU}`
  expect(isRefusal(defaultEntry(read(menu), { grubDefault: '1' }))).toBe(true)
  expect(isRefusal(defaultEntry(read(menu), { grubDefault: 'm' }))).toBe(true)
  expect(defaultEntry(read(menu), { grubDefault: 'zero' })).toMatchObject({ image: '/zero' })
  expect(isRefusal(defaultEntry(read(MENU.replaceAll('linux', 'chainloader')), {}))).toBe(true)
  expect(isRefusal(defaultEntry(read(''), {}))).toBe(true)
})
