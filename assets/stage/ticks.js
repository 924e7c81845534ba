// The ticks of sliders: a live value marked on a slider's track, and a few words about it under the track, such as the largest
// stable learning rate. A value without a place on the track has no tick.

import {element, newId} from './elements.js'
import {partOfTrack} from './numbers.js'

export class Ticks {
  // `filled(text)` is a text with its numbers in it.
  constructor(frames, filled) {
    Object.assign(this, {frames, filled})
    this.shown = []
  }

  // The ticks of the payload, on the inputs of their sliders by key.
  build(inputs) {
    for (const {mark, words} of this.shown) { mark.remove(); words.remove() }
    for (const {input} of Object.values(inputs)) input.removeAttribute('aria-describedby')
    this.shown = this.frames.head.ticks.filter(({slider}) => inputs[slider]).map(tick => {
      const {input} = inputs[tick.slider], id = newId('tick')
      const mark = element('span', {class: 'stage-tick', 'aria-hidden': 'true'}), words = element('span', {class: 'stage-tick-words', id})
      input.setAttribute('aria-describedby', id)
      input.after(mark, words)
      return {slider: tick.slider, mark, words}
    })
  }

  // The numbers are those of the payload that is shown: a draft has its own, or leaves a tick where it is.
  write() {
    for (const {slider, mark, words} of this.shown) {
      const tick = this.frames.head.ticks.find(one => one.slider === slider)
      if (!tick || this.frames.waits(tick.at)) continue
      const part = partOfTrack(this.frames.slider(slider), this.frames.row(tick.at)[0])
      mark.hidden = words.hidden = part === undefined
      for (const one of [mark, words]) one.style.setProperty('--part', part ?? 0)
      words.textContent = this.filled(tick.text)
    }
  }
}
