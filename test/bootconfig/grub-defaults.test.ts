import { expect, test } from 'vitest'
import { editGrubDefaults, evaluateGrubDefaults, type GrubFile } from '../../src/bootconfig/grub-defaults.ts'
import { isRefusal } from '../../src/errors.ts'
import { tool } from '../tool.ts'
import { askDash } from './dash.ts'

const DEFAULT = 'GRUB_CMDLINE_LINUX_DEFAULT'
const LINUX = 'GRUB_CMDLINE_LINUX'
const filesOf = (texts: readonly string[]): GrubFile[] =>
  texts.map((text, at) => ({ path: at === 0 ? '/etc/default/grub' : `/etc/default/grub.d/${at}.cfg`, text }))
const add = (...words: string[]) => ({ add: words, remove: [] })
const remove = (...words: string[]) => ({ add: [], remove: words })

/** Texts before, the change, texts after: one string for each file. */
const EDITS: [string, string[], { add: string[]; remove: string[] }, string[]][] = [
  [
    'the Debian file',
    [`A=1\n${DEFAULT}="quiet"\n${LINUX}=""\nB=2\n`],
    add('iommu=pt'),
    [`A=1\n${DEFAULT}="quiet iommu=pt"\n${LINUX}=""\nB=2\n`],
  ],
  ['an empty value', [`${DEFAULT}=""\n`], add('iommu=pt', 'x=1'), [`${DEFAULT}="iommu=pt x=1"\n`]],
  ['no value', [`${DEFAULT}=\n`], add('iommu=pt'), [`${DEFAULT}="iommu=pt"\n`]],
  ['single quotes', [`${DEFAULT}='quiet'\n`], add('iommu=pt'), [`${DEFAULT}='quiet iommu=pt'\n`]],
  ['no quotes', [`${DEFAULT}=quiet\n`], add('iommu=pt'), [`${DEFAULT}="quiet iommu=pt"\n`]],
  ['escaped blanks', [`${DEFAULT}=quiet\\ splash\n`], add('iommu=pt'), [`${DEFAULT}=quiet\\ splash" iommu=pt"\n`]],
  ['mixed quotes', [`${DEFAULT}="a"'b'c\n`], add('iommu=pt'), [`${DEFAULT}="a"'b'c" iommu=pt"\n`]],
  ['a comment behind', [`${DEFAULT}="quiet" # "why"\n`], add('iommu=pt'), [`${DEFAULT}="quiet iommu=pt" # "why"\n`]],
  ['export and indent', [`  export ${DEFAULT}="quiet"\n`], add('iommu=pt'), [`  export ${DEFAULT}="quiet iommu=pt"\n`]],
  [
    'several on a line',
    [`A=1; ${DEFAULT}="quiet"; B=2\n`],
    add('iommu=pt'),
    [`A=1; ${DEFAULT}="quiet iommu=pt"; B=2\n`],
  ],
  ['a continued line', [`${DEFAULT}="quiet \\\n  splash"\n`], remove('splash'), [`${DEFAULT}="quiet \\\n "\n`]],
  [
    'the last of two',
    [`${DEFAULT}="a"\n${DEFAULT}="b"\n`],
    add('iommu=pt'),
    [`${DEFAULT}="a"\n${DEFAULT}="b iommu=pt"\n`],
  ],
  [
    'an append',
    [`${DEFAULT}="a"\n${DEFAULT}="$${DEFAULT} b"\n`],
    add('iommu=pt'),
    [`${DEFAULT}="a"\n${DEFAULT}="$${DEFAULT} b iommu=pt"\n`],
  ],
  [
    'a later file that appends',
    [`${DEFAULT}="a"\n`, `${DEFAULT}="\${${DEFAULT}} b"\n`],
    add('iommu=pt'),
    [`${DEFAULT}="a iommu=pt"\n`, `${DEFAULT}="\${${DEFAULT}} b"\n`],
  ],
  [
    'a later file that overrides',
    [`${DEFAULT}="a"\n`, `${DEFAULT}="b"\n`],
    add('iommu=pt'),
    [`${DEFAULT}="a"\n`, `${DEFAULT}="b iommu=pt"\n`],
  ],
  [
    'removal from both, each where it stands',
    [`${DEFAULT}="quiet x=1"\n${LINUX}="x=1 y"\n`, `${LINUX}="$${LINUX} x=1"\n`],
    remove('x=1'),
    [`${DEFAULT}="quiet"\n${LINUX}="y"\n`, `${LINUX}="$${LINUX}"\n`],
  ],
  ['removal of neighbours', [`${DEFAULT}="a b c"\n`], remove('a', 'b'), [`${DEFAULT}="c"\n`]],
  [
    'an append in a removed place',
    [`${DEFAULT}="quiet x=1"\n`, `${DEFAULT}="$${DEFAULT} x=1"\n`],
    remove('x=1'),
    [`${DEFAULT}="quiet"\n`, `${DEFAULT}="$${DEFAULT}"\n`],
  ],
  [
    'in place of the same key',
    [`${LINUX}="intel_iommu=on quiet"\n${DEFAULT}="b"\n`],
    { add: ['intel_iommu=on,relax_rmrr'], remove: ['intel_iommu=on'] },
    [`${LINUX}="intel_iommu=on,relax_rmrr quiet"\n${DEFAULT}="b"\n`],
  ],
  ['a word that is there', [`${LINUX}="iommu=pt"\n`], add('iommu=pt'), [`${LINUX}="iommu=pt"\n`]],
  ['a word that is not there', [`${DEFAULT}="a"\n`], remove('b'), [`${DEFAULT}="a"\n`]],
  ['no assignment', [`${LINUX}="a"\n`], add('iommu=pt'), [`${LINUX}="a"\n${DEFAULT}="iommu=pt"\n`]],
  ['no assignment, no line end', ['A=1'], add('iommu=pt'), [`A=1\n${DEFAULT}="iommu=pt"\n`]],
  ['an empty file', [''], add('iommu=pt'), [`${DEFAULT}="iommu=pt"\n`]],
  [
    'an unset in a later file',
    [`${DEFAULT}="a"\n`, `unset ${DEFAULT}\n`],
    add('iommu=pt'),
    [`${DEFAULT}="a"\n`, `unset ${DEFAULT}\n${DEFAULT}="iommu=pt"\n`],
  ],
  ['a fixed value', [`readonly ${DEFAULT}="a"\n`], add('iommu=pt'), [`readonly ${DEFAULT}="a iommu=pt"\n`]],
  [
    'a condition that is overridden',
    [`if [ -e /x ]; then ${DEFAULT}="a"; fi\n${DEFAULT}="b"\n`],
    add('iommu=pt'),
    [`if [ -e /x ]; then ${DEFAULT}="a"; fi\n${DEFAULT}="b iommu=pt"\n`],
  ],
  [
    'a sourced file before it',
    [`. /dev/null\n${DEFAULT}="b"\n${LINUX}=\n`],
    add('iommu=pt'),
    [`. /dev/null\n${DEFAULT}="b iommu=pt"\n${LINUX}=\n`],
  ],
  [
    'conditions, commands and functions about other things',
    [
      `f() { echo; }\nif [ -d /x ]; then X=1; else Y=\`uname\`; fi\nD=$( . /etc/os-release; echo "$NAME" )\n${DEFAULT}="b"\n`,
    ],
    add('iommu=pt'),
    [
      `f() { echo; }\nif [ -d /x ]; then X=1; else Y=\`uname\`; fi\nD=$( . /etc/os-release; echo "$NAME" )\n${DEFAULT}="b iommu=pt"\n`,
    ],
  ],
  [
    'a variable of the files',
    [`X="splash"\n${DEFAULT}="quiet $X"\n`],
    add('iommu=pt'),
    [`X="splash"\n${DEFAULT}="quiet $X iommu=pt"\n`],
  ],
  [
    'words with quotes of their own',
    [`${DEFAULT}="quiet dyndbg=\\"file a.c +p\\" x"\n`],
    { add: ['iommu=pt'], remove: ['x'] },
    [`${DEFAULT}="quiet dyndbg=\\"file a.c +p\\" iommu=pt"\n`],
  ],
  [
    'the root of a ZFS node',
    ['', `${LINUX}="$${LINUX} root=ZFS=rpool/ROOT/pve-1 boot=zfs"\n`],
    add('iommu=pt'),
    [`${DEFAULT}="iommu=pt"\n`, `${LINUX}="$${LINUX} root=ZFS=rpool/ROOT/pve-1 boot=zfs"\n`],
  ],
]

test.each(EDITS)('edits %s', (_, before, change, after) => {
  const edited = editGrubDefaults(filesOf(before), change)
  if (isRefusal(edited)) throw new Error(edited.refused)
  const texts = filesOf(before).map(({ path, text }) => edited.edits.find((edit) => edit.path === path)?.after ?? text)
  expect(texts).toEqual(after)
  if (!tool('dash')) return
  const [said] = askDash([{ files: filesOf(texts) }])
  expect(edited.valueAfter).toBe(`${said?.linux} ${said?.linuxDefault}`)
})

const REFUSED: [string, string[], string, { add: string[]; remove: string[] }?][] = [
  [
    'a quote that is not closed',
    ['A=1\n', `\n${DEFAULT}="quiet\n`],
    'grub.d/1.cfg, line 2: the quote " that opens here',
  ],
  ['Windows line ends', [`A=1\r\n${DEFAULT}="quiet"\r\n`], 'line 1: a Windows line end'],
  ['typographic quotes', [`${DEFAULT}=“quiet”\n`], 'line 1: the value of GRUB_CMDLINE_LINUX_DEFAULT contains "“"'],
  ['typographic quotes around blanks', [`${DEFAULT}=“quiet splash”\n`], 'a value with blanks needs quotes'],
  ['a hard blank', [`${DEFAULT}="quiet\u00a0splash"\n`], 'which no kernel argument has'],
  ['blanks without quotes', [`${DEFAULT}=quiet intel_iommu=on\n`], 'needs quotes; the shell takes "intel_iommu="'],
  ['a word without quotes', [`${DEFAULT}=quiet splash\n`], 'needs quotes; the shell takes what follows for a command'],
  ['blanks around =', [`${DEFAULT} = "quiet"\n`], `"${DEFAULT}" is run as a command`],
  ['+=', [`${DEFAULT}+=" x"\n`], 'is run as a command'],
  ['a condition', [`[ -e /x ] && ${DEFAULT}="x"\n`], 'it is set under a condition'],
  ['a loop', [`for w in a b; do ${DEFAULT}="$${DEFAULT} $w"; done\n`], 'it is set under a condition'],
  ['a loop variable', [`for ${DEFAULT} in a b; do :; done\n`], 'variable of a loop'],
  ['a function', [`f() { ${DEFAULT}=x; }\nf\n`], 'line 2: a call of the function f'],
  ['eval', [`eval "${DEFAULT}=x"\n`], '"eval" may have set it'],
  ['source', [`${DEFAULT}=x\n. /etc/other\n`], '"." may have set it'],
  ['a here-document', [`cat <<E\nx\nE\n${DEFAULT}="a"\n`], 'line 1: a here-document'],
  ['a command', [`${DEFAULT}="quiet $(cat /etc/args)"\n`], 'the output of a command'],
  ['a variable from elsewhere', [`${DEFAULT}="root=$GRUB_DEVICE"\n`], '$GRUB_DEVICE is not set in these files'],
  ['a line break', [`${DEFAULT}="quiet\nx"\n`], 'contains a line break'],
  [
    'a read-only variable',
    [`readonly ${DEFAULT}=a\n${DEFAULT}=b\n`],
    'line 2: GRUB_CMDLINE_LINUX_DEFAULT is read-only',
  ],
  ['a home folder', [`${DEFAULT}=~\n`], 'home folder'],
  ['a syntax error', [`if true; then fi\n${DEFAULT}="a"\n`], 'the shell cannot go on at "fi"'],
  ['an array', [`A=(a b)\n`], 'a "(" where the shell takes none'],
  [
    'a word from another variable',
    [`X="x=1"\n${DEFAULT}="$X"\n`],
    'line 1: "x=1" comes from the variable X',
    remove('x=1'),
  ],
  [
    'a word of several parts',
    [`${DEFAULT}="x"'=1'\n`],
    'line 1: "x=1" is put together from several parts',
    remove('x=1'),
  ],
  ['a value used twice', [`${DEFAULT}="a"\n${LINUX}="$${DEFAULT}"\n`], 'No single place'],
  ['an active character', [`${DEFAULT}="a"\n`], 'without being read as more', add('a;b')],
]

test.each(REFUSED)('refuses %s and says where and why', (_, texts, why, change = add('iommu=pt')) => {
  const edited = editGrubDefaults(filesOf(texts), change)
  expect(isRefusal(edited) && edited.refused).toContain(why)
  expect(isRefusal(edited) && edited.refused).toContain(`/etc/default/grub`)
})

test('says what the shell would say', () => {
  expect(evaluateGrubDefaults(filesOf([`${LINUX}='a $b'\n${DEFAULT}=\n`, `${LINUX}="\${${LINUX}}c"\n`]))).toEqual({
    linux: 'a $bc',
    linuxDefault: '',
  })
})
