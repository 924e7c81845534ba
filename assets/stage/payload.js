// Payloads: fetched, unpacked and decoded. Their layout is described in core/stage/encode.py.
// A payload of a person's own data has no address: it comes packed with the page, as a saved page holds it.

export const PACKED = 'packed:'  // as in core/stage/bridge.py
const TRIES = 10  // of asking a server that has too much to do

// `busy()` is called where the server is to be asked again after a while. It returns whether the payload is still wanted.
// An error is `lost` where no server has answered: soon one may.
export async function fetchPayload(address, busy) {
  if (address.startsWith(PACKED)) return unpacked(address.slice(PACKED.length))
  let answer = await reached(fetch(address))
  for (let tries = 0; tries < TRIES && secondsToWait(answer) && busy(); tries++) {
    const seconds = secondsToWait(answer) * (1 + Math.random())  // not all who were sent away come back at once
    await new Promise(resolve => setTimeout(resolve, 1000 * seconds))
    answer = await reached(fetch(address))
  }
  if (answer.ok) return answer.arrayBuffer().catch(() => { throw new Error('the payload is cut short') })
  const error = new Error((await answer.text()).slice(0, 300) || `the server answered ${answer.status}`)
  error.outdated = answer.status === 404  // the version in the address is served no more: core/stage/route.py
  throw error
}

const secondsToWait = answer => answer.status === 503 ? Number(answer.headers.get('Retry-After')) : 0

async function reached(asked) {
  try {
    return await asked
  } catch {
    throw Object.assign(new Error('the server does not answer'), {lost: true})
  }
}

export function unpacked(text) {
  const packed = Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer()
}

// The header, with the numbers of every array put into it.
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
  head.arrays = head.arrays.map(({offset, shape, shift}) => {
    const end = offset + shape.reduce((a, b) => a * b, 1)
    for (let i = offset, whole = 0; i < end; i++) {
      whole += bits[i] >>> 1 ^ -(bits[i] & 1)
      bits[i] = whole << shift
    }
    return {shape, numbers: block.subarray(offset, end)}
  })
  return head
}
