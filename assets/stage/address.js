// The page's address is its save file. Python writes the words of what is picked in it; the values of sliders are written
// here, as soon as one is released, and into each address that Streamlit writes. The server has no part in it.

// By stage: the page that it is on, the names of its sliders, and its words: [name, text] of each that has left its start.
const owners = new Map()
let following = false

// A stage's words in the address, in place of those that it had: another picture may lack some of its sliders.
export function writeWords(stage, names, words) {
  followStreamlit()
  const before = owners.get(stage)
  owners.set(stage, {page: location.pathname, names, words})
  rewrite(before?.page === location.pathname ? before.names : [])
}

// A stage that is no longer shown takes its words with it.
export function dropWords(stage) {
  const owned = owners.get(stage)
  owners.delete(stage)
  if (owned?.page === location.pathname) rewrite(owned.names)
}

// To another address of the site: Python hears of it as of Back, and nothing is loaded anew.
export function openAddress(address) {
  owners.clear()  // the new address is right, until a stage has taken its values from it
  history.pushState(history.state, '', address)
  window.dispatchEvent(new PopStateEvent('popstate', {state: history.state}))
}

// The address of the page without these words.
export function addressWithout(...names) {
  const url = new URL(location.href)
  for (const name of names) url.searchParams.delete(name)
  return url.href
}

// A number as Python's `:g` writes it.
export function addressText(value) {
  const [digits, power] = value.toExponential(5).split('e')
  const size = Math.abs(power)
  if (power >= -4 && power < 6) return String(Number(value.toPrecision(6)))
  return `${Number(digits)}e${power < 0 ? '-' : '+'}${String(size).padStart(2, '0')}`
}

function rewrite(gone) {
  const search = withWords(location.search, gone)
  if (search !== location.search) history.replaceState(history.state, '', location.pathname + search + location.hash)
}

// The query without the words of these names and with those of every stage on this page, at its end.
function withWords(search, gone) {
  const here = [...owners.values()].filter(({page}) => page === location.pathname)
  const names = new Set([...gone, ...here.flatMap(owned => owned.names)])
  const kept = search.slice(1).split('&').filter(word => word && !names.has(nameOf(word)))
  const own = here.flatMap(({words}) => words.map(([name, text]) => `${encodeURIComponent(name)}=${encodeURIComponent(text)}`))
  const all = [...kept, ...own].join('&')
  return all && `?${all}`
}

// The name of a word such as "lr=0.1". Whatever a link holds has one: `decodeURIComponent` would throw at a lone %.
const nameOf = word => new URLSearchParams(word).keys().next().value

// Streamlit writes what Python knows: on the same page a stage's words belong in it. An address that is there already makes
// no second entry in the history. After Back the address is right, until a stage has taken its values from it.
function followStreamlit() {
  if (following) return
  following = true
  window.addEventListener('popstate', () => owners.clear())
  const {pushState} = history
  history.pushState = (state, title, address = '') => {
    const to = new URL(address, location.href)
    if (to.pathname === location.pathname) to.search = withWords(to.search, [])
    if (to.href !== location.href) pushState.call(history, state, title, to.href)
  }
}
