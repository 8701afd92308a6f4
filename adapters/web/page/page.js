// The chat in a browser. What people and nodes wrote goes into the page as text, never as markup.
const at = (id) => document.getElementById(id)
const SIGNS = { ok: '✓', info: '•', warn: '!', danger: '✗' }
let me = { channel: 'ops', incidents: 'incidents', reactions: { yes: '✅', no: '❌' } }
let shown = 'ops'

const make = (tag, { text, ...properties } = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties)
  if (text !== undefined) element.textContent = text
  element.append(...children)
  return element
}

const blocks = {
  text: ({ text }) => make('p', { text }),
  heading: ({ text }) => make('h3', { text }),
  code: ({ text }) => make('pre', { text, tabIndex: 0 }),
  list: ({ items }) => make('ul', {}, ...items.map((text) => make('li', { text }))),
  fields: ({ fields }) =>
    make('dl', {}, ...fields.flatMap(([label, value]) => [make('dt', { text: label }), make('dd', { text: value })])),
  diff: ({ lines }) =>
    make(
      'pre',
      { tabIndex: 0 },
      ...lines.map((line) => {
        const className = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : ''
        return make('span', { className, text: `${line}\n` })
      }),
    ),
}

const post = async (path, body) => {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
const say = (words) => {
  at('state').textContent = words
}
const trying = (act) => act.catch((error) => say(error.message))

/** The two buttons of a card that asks: pressed is what this person has given. */
const decide = (message) => {
  const given = message.given
  const button = (yes) => {
    const pressed = given === (yes ? 'yes' : 'no')
    const words = `${yes ? me.reactions.yes : me.reactions.no} ${yes ? 'Approve' : 'Deny'}`
    const element = make('button', {
      type: 'button',
      text: words,
      onclick: () => trying(post('/react', { message: message.id, yes, given: !pressed })),
    })
    element.setAttribute('aria-pressed', String(pressed))
    element.setAttribute('aria-label', `${yes ? 'Approve' : 'Deny'} change ${message.card.change.id}`)
    return element
  }
  return make('div', { className: 'decide' }, button(true), button(false))
}

const file = ({ name, type, path }) =>
  type.startsWith('image/')
    ? make(
        'a',
        { href: path },
        make('img', { src: path, alt: `Picture ${name}: the same as /pcie topology says in words` }),
      )
    : make('p', {}, make('a', { href: path, text: `${name} (file)`, download: name }))

const draw = (message) => {
  const { id, card, at: when, to, called, files } = message
  const title = make('h2', {}, make('span', { className: 'sign', text: `${SIGNS[card.tone]} ` }), card.title)
  const only = to ? ' · only for you' : ''
  const element = make(
    'li',
    { id: `m-${id}`, className: `message ${card.tone}` },
    title,
    make('p', {
      className: 'meta',
      text: `${new Date(when).toLocaleTimeString()}${only}${called.length ? ` · calls: ${called.join(', ')}` : ''}`,
    }),
    ...card.blocks.map((block) => blocks[block.type](block)),
    ...files.map(file),
    ...(card.asks ? [decide(message)] : []),
  )
  return element
}

/** The list of what was said about a message, in the message itself. */
const threadOf = (root) => {
  const there = root.querySelector(':scope > .thread')
  if (there) return there
  const thread = make('ol', { className: 'thread' })
  thread.setAttribute('aria-label', 'Thread')
  root.append(thread)
  return thread
}

const put = (message) => {
  const list = at('messages')
  const was = at(`m-${message.id}`)
  const element = draw(message)
  element.dataset.channel = message.channel
  element.hidden = message.channel !== shown
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80
  if (was) {
    const thread = was.querySelector(':scope > .thread')
    const focus = was.contains(document.activeElement) ? document.activeElement.getAttribute('aria-label') : null
    if (thread) element.append(thread)
    was.replaceWith(element)
    if (focus) element.querySelector(`[aria-label="${focus}"]`)?.focus()
  } else {
    const root = message.thread && at(`m-${message.thread}`)
    if (root) element.hidden = false
    ;(root ? threadOf(root) : list).append(element)
  }
  if (atEnd) toEnd()
}

const choose = (channel) => {
  shown = channel
  for (const [id, name] of [
    ['ops', me.channel],
    ['incidents', me.incidents],
  ])
    at(id).setAttribute('aria-pressed', String(name === channel))
  for (const element of at('messages').children) element.hidden = element.dataset.channel !== channel
  toEnd()
}
/** The newest is at the end, and what is asked is answered there. */
const toEnd = () => {
  at('messages').scrollTop = at('messages').scrollHeight
}

const inside = (yes) => {
  at('login').hidden = yes
  at('channels').hidden = !yes
  at('say').hidden = !yes
}

const begin = (hello) => {
  me = hello
  at('messages').replaceChildren()
  inside(true)
  at('who').textContent = `You are ${hello.person}.`
  at('ops').textContent = `#${hello.channel}`
  at('incidents').textContent = `#${hello.incidents}`
  at('known').replaceChildren(...hello.known.map((value) => make('option', { value })))
  at('be').hidden = hello.others.length === 0
  at('people').replaceChildren(
    ...hello.others.map(({ name, token }) =>
      make('option', { value: token, text: name, selected: name === hello.person }),
    ),
  )
  choose(hello.channel)
  say('Connected')
}

let events
const listen = () => {
  events?.close()
  events = new EventSource('/events')
  events.addEventListener('hello', ({ data }) => begin(JSON.parse(data)))
  events.addEventListener('message', ({ data }) => put(JSON.parse(data)))
  events.onerror = async () => {
    say('Not connected; trying again')
    const asked = await fetch('/me').catch(() => null)
    if (asked?.status !== 401) return
    events.close()
    inside(false)
    say('')
  }
}

const come = async (token) => {
  await post('/login', { token })
  listen()
}
at('login').onsubmit = (event) => {
  event.preventDefault()
  at('refused').textContent = ''
  come(at('token').value).catch((error) => {
    at('refused').textContent = error.message
  })
}
at('say').onsubmit = (event) => {
  event.preventDefault()
  const text = at('line').value.trim()
  if (text === '') return
  at('line').value = ''
  toEnd()
  trying(post('/say', { text }))
}
// The answer comes into the channel of commands.
at('ask').onclick = ({ target }) => {
  if (target.value === undefined) return
  choose(me.channel)
  trying(post('/say', { text: target.value }))
}
at('ops').onclick = () => choose(me.channel)
at('incidents').onclick = () => choose(me.incidents)
at('people').onchange = ({ target }) => trying(come(target.value))

const key = /^#key=(.+)$/.exec(location.hash)?.[1]
if (key) {
  // Out of sight, and out of the history of the browser.
  history.replaceState(null, '', '/')
  trying(come(decodeURIComponent(key)))
} else listen()
