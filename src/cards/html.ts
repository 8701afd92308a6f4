import type { Block, Card, Tone } from './card.ts'

/** A card as a page of its own, without scripts and without anything from elsewhere. What came from a node stays text. */
export const cardHtml = (card: Card): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(card.title)}</title>
<style>
:root { color-scheme: light dark; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
h1 { padding-left: 0.75rem; border-left: 0.4rem solid ${COLOURS[card.tone]}; font-size: 1.4rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; }
dd { margin: 0; }
p, dd, li { white-space: pre-wrap; overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: 0.5rem; border: 1px solid; }
</style>
</head>
<body>
<main>
<h1>${escaped(card.title)}</h1>
${card.blocks.map(blockHtml).join('\n')}
</main>
</body>
</html>
`

const COLOURS: Record<Tone, string> = { ok: '#2a8a4a', info: '#2f7bd0', warn: '#c07a10', danger: '#c0302c' }

function blockHtml(block: Block): string {
  switch (block.type) {
    case 'text':
      return `<p>${escaped(block.text)}</p>`
    case 'heading':
      return `<h2>${escaped(block.text)}</h2>`
    case 'fields':
      return `<dl>${block.fields.map(([label, value]) => `<dt>${escaped(label)}</dt><dd>${escaped(value)}</dd>`).join('')}</dl>`
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`
    case 'code':
      return `<pre>${escaped(block.text)}</pre>`
    case 'diff':
      return `<pre>${escaped(block.lines.join('\n'))}</pre>`
    default:
      return block satisfies never
  }
}

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => SIGNS[sign] ?? '')
