// Where every slider stands, and the rows of the payload's arrays that it picks. Every frame is in the payload already.
// `at` holds a slider's frame by its key, `held` the keys of those in a hand, `last` the last one moved off a sweep's centre.

import {nearestFrame} from './numbers.js'

export class Frames {
  // `served`: there is a server that can be asked for another sweep. A saved page has none.
  constructor(served) {
    this.served = served
    this.at = {}
    this.held = []
  }

  // Another payload, with its sliders at these values by key. What is held, and what is to be `kept`, stays at its frame.
  begin(head, values, kept) {
    const before = this.at
    this.head = head
    this.at = {}
    for (const slider of head.sliders)
      this.at[slider.key] = this.held.includes(slider.key) || slider.key === kept ? before[slider.key] : frameFor(slider, values)
    this.waiting = false
  }

  slider(key) { return this.head.sliders.find(slider => slider.key === key) }

  // The values of all sliders that have left their start: what an address has to hold.
  values() {
    const left = this.head.sliders.filter(slider => this.at[slider.key] !== slider.start)
    return Object.fromEntries(left.map(slider => [slider.key, slider.values[this.at[slider.key]]]))
  }

  // --- moving: each returns the keys of the sliders that have moved ---

  put(key, frame) {
    if (this.at[key] === frame) return []
    this.at[key] = frame
    return [key, ...this.slider(key).recomputed ? this.leaveCentre(key) : []]
  }

  putAll(values) {
    const moved = this.head.sliders.filter(slider => this.at[slider.key] !== frameFor(slider, values))
    for (const slider of moved) this.at[slider.key] = frameFor(slider, values)
    return moved.map(slider => slider.key)
  }

  // A saved page has one sweep: there the other sliders go back.
  leaveCentre(key) {
    this.last = key
    if (this.served) return []
    const others = this.away(this.head.sliders.filter(slider => slider.recomputed && slider.key !== key))
    for (const other of others) this.at[other.key] = other.centre
    return others.map(other => other.key)
  }

  // Every slider of the sweep is back at its centre, so the payload holds the frame.
  stopWaiting() { this.waiting &&= this.away(this.head.sliders.filter(slider => slider.recomputed)).length > 0 }

  // Whether the payload holds every frame of every slider around where all of them stand.
  get isComplete() { return !this.waiting && !this.away(this.head.sliders.filter(slider => slider.recomputed)).length }

  away(sliders) { return sliders.filter(slider => this.at[slider.key] !== slider.centre) }

  // --- picking ---

  follows(live, moved) {
    return [...live.sliders, ...live.sweep, live.grow, live.across].some(key => moved.has(key))
  }

  // A sweep holds no frame with two of its sliders away from the centre, nor with one where it was left beside its frames.
  // On the site the server sends a new sweep around what is released; until then what it moves waits.
  waits({sweep}) {
    if (!sweep?.length) return false
    return this.waiting || this.away(sweep.map(key => this.slider(key))).length > 1
  }

  row({array, sweep, sliders, grow, across, every}) {
    const {shape, numbers} = this.head.arrays[array]
    let offset = 0, size = numbers.length, axis = 0
    if (sweep.length) { size /= shape[axis++]; offset += size * this.sweepFrame(sweep) }
    for (const [i, key] of sliders.entries()) {
      size /= shape[axis++]
      offset += size * (i === sliders.length - 1 ? Math.floor(this.at[key] / every) : this.at[key])
    }
    if (grow) size = (this.at[grow] + 1) * (size / shape[axis])
    if (across) {
      const width = shape.at(-1), start = offset + this.at[across]
      return Float32Array.from({length: size / width}, (_, i) => numbers[start + i * width])
    }
    return numbers.subarray(offset, offset + size)
  }

  // The row at every frame of a slider, all others as they stand; undefined where the slider does not move it.
  rowsAlong(live, key) {
    if (!this.follows(live, new Set([key]))) return undefined
    const {at, last} = this
    this.last = key
    const rows = this.slider(key).values.map((_, frame) => {
      this.at = {...at, [key]: frame}
      return this.row(live)
    })
    Object.assign(this, {at, last})
    return rows
  }

  // The row of a track as its trace wants it: a grid as rows, but the corners of a mesh one after the other.
  traceRow({trace, live}) {
    const row = this.row(live)
    const axes = this.head.arrays[live.array].shape.slice((live.sweep.length ? 1 : 0) + live.sliders.length)
    if (axes.length < 2 || live.grow || live.across || this.head.data[trace].type === 'mesh3d') return row
    const width = row.length / axes[0]
    return Array.from({length: axes[0]}, (_, j) => row.subarray(j * width, (j + 1) * width))
  }

  // Where in a sweep a row is: at its centre, or out on the arm of the slider that was moved last.
  sweepFrame(sweep) {
    const sliders = sweep.map(key => this.slider(key)), away = this.away(sliders)
    if (!away.length) return 0
    const moved = away.find(slider => slider.key === this.last) ?? away[0]
    const before = sliders.slice(0, sliders.indexOf(moved))
    return 1 + before.reduce((sum, slider) => sum + slider.values.length, 0) + this.at[moved.key]
  }
}

const frameFor = (slider, values) => slider.key in values ? nearestFrame(slider, values[slider.key]) : slider.start
