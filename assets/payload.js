// --- payloads -------------------------------------------------------------------------------------------------------
// Part of the same module as stage.js. How one is read, written out and fetched, and the chart library with it.

const PACKED = 'packed:'  // before a payload that comes with the page, in the place of its address

export function decode(buffer) {
  const length = new DataView(buffer).getUint32(0, true)
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  const planes = new Uint8Array(buffer, 4 + length)
  const count = head.count
  if (planes.length !== 4 * count) throw new Error('the payload is cut short')
  const bytes = new Uint8Array(4 * count)
  for (let plane = 0; plane < 4; plane++)
    for (let i = 0; i < count; i++) bytes[4 * i + plane] = planes[plane * count + i]
  const bits = new Uint32Array(bytes.buffer), block = new Float32Array(bytes.buffer)
  for (const [name, {offset, shape, shift}] of Object.entries(head.arrays)) {
    const end = offset + shape.reduce((a, b) => a * b, 1)
    for (let i = offset, whole = 0; i < end; i++) {
      whole += bits[i] >>> 1 ^ -(bits[i] & 1)
      bits[i] = whole << shift
    }
    head.arrays[name] = {shape, numbers: block.subarray(offset, end)}
  }
  return head
}

// Four digits and a true minus sign, as a person writes numbers.
export function written(number) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? '–' : number > 0 ? '∞' : '−∞'
  const size = Math.abs(number)
  let text
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) text = number.toExponential(2).replace('e+', 'e')
  else if (size >= 1000) text = Math.round(number).toLocaleString('en-US')
  else text = String(Number(number.toPrecision(4)))
  return text.replaceAll('-', '−')
}

// --- loading -------------------------------------------------------------------------------------------------------

const libraries = {}
function plotly(address) {
  libraries[address] ??= early(address).then(there => there ?? added(address))
    .catch(error => { delete libraries[address]; throw error })
  return libraries[address]
}

// The page itself asks for plotly.js first of all. Until the page's load event that script may still be on its way; it
// may also have come or failed already, and then says nothing more.
async function early(address) {
  const script = [...document.scripts].find(script => script.src === new URL(address, document.baseURI).href)
  if (!script) return undefined
  if (!window.Plotly && document.readyState !== 'complete')
    await new Promise(done => {
      for (const event of ['load', 'error']) script.addEventListener(event, done)
      window.addEventListener('load', done)
    })
  return window.Plotly
}

function added(address) {
  return new Promise((resolve, reject) => {
    const script = element('script', {src: address})
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => { script.remove(); reject(new Error('the chart library did not load')) }
    document.head.append(script)
  })
}

// A payload of a person's own data has no address: it comes with the page, packed as a saved page holds it.
async function payload(address) {
  if (address.startsWith(PACKED)) return unpacked(address.slice(PACKED.length))
  const answer = await fetch(address)
  if (!answer.ok) throw new Error((await answer.text()).slice(0, 300) || `the server answered ${answer.status}`)
  return answer.arrayBuffer()
}

export function unpacked(text) {
  const packed = Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
}
