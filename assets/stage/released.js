// The values at which sliders were released: kept in the page, by the name of the state that belongs to them, while stages
// come and go. What they make of an address: the words in the page's own, and the payload around them.

import {addressText} from './address.js'
import {nearestFrame} from './numbers.js'

const states = new Map()

// Takes the values that Python names, where somebody has arrived with them, and says so. A new session in the same page (the
// server was started again) knows only an old address: there the page knows better.
export function takeValues({state, session, navigation, values}) {
  const kept = states.get(state)
  const arrived = !kept || (kept.session === session && kept.navigation !== navigation)
  states.set(state, {session, navigation, values: arrived ? {...values} : kept.values})
  return arrived
}

// The values of a picture, without those that its sliders cannot have: released in another picture, one may be out of range.
export function valuesFor({state, sliders}) {
  return Object.fromEntries(Object.entries(states.get(state).values).filter(([key, value]) => {
    const range = sliders[key]
    return !range || (value >= range.low && value <= range.high)
  }))
}

// Takes over the values of all of a stage's sliders that have left their start; other stages of its state may have more.
export function keepReleased(state, {sliders}, values) {
  const kept = states.get(state).values
  for (const {key} of sliders) delete kept[key]
  Object.assign(kept, values)
}

// The values as the sliders of this payload, if there is one yet, take them: released in another picture, one may lie between
// the frames of this one.
export function framed(head, values) {
  const fixed = head?.sliders.filter(({key, continuous}) => key in values && !continuous) ?? []
  return {...values, ...Object.fromEntries(fixed.map(slider => [slider.key, slider.values[nearestFrame(slider, values[slider.key])]]))}
}

// [name, text] of each of these sliders that is away from its start.
export function wordsOf(sliders, values) {
  return Object.entries(sliders)
    .filter(([key, {start}]) => key in values && values[key] !== start)
    .map(([key]) => [key, addressText(values[key])])
}

// Where the payload is whose one-at-a-time sweep is around these values. What came packed with the page has no other.
export function payloadAddress(data) { return addressOf(data, valuesFor(data)) }

// Where a draft is of the picture at these values.
export function draftAddress(data, values) { return addressOf(data, values, ['draft=1']) }

function addressOf({payload, sliders}, values, more = []) {
  const swept = Object.fromEntries(Object.entries(sliders).filter(([, {recomputed}]) => recomputed).sort())
  const words = [...wordsOf(swept, values).map(([name, text]) => `${name}=${encodeURIComponent(text)}`), ...more]
  return words.length ? payload.replace(/(&?v=\w+)$/, `&${words.join('&')}$1`) : payload
}
