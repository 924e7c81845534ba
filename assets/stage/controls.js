// The controls: a range input for each slider, a field for one that can be set between its frames, the timeline's buttons.
// What a person does with them goes to `move(key, frame)`, `release()` and `ask(values)`; `filled(text)` are a tick's words.

import {element, newId} from './elements.js'
import {frameText, inputFrame, inputValue, numberText, sameJson} from './numbers.js'
import {Player} from './player.js'
import {Ticks} from './ticks.js'

export class Controls {
  constructor(frames, {move, release, ask, filled}) {
    Object.assign(this, {frames, move, release, ask})
    this.box = element('div', {class: 'stage-controls'})
    this.ticks = new Ticks(frames, filled)
    this.hidden = []  // names of sliders that are left out
    this.inputs = {}
  }

  get sliders() { return this.frames.head.sliders.filter(hasControl) }

  // A control that is still there keeps its element, so that a person's focus stays on it.
  build(before) {
    const {sliders} = this
    if (!before || !sameJson(before.sliders.filter(hasControl).map(looks), sliders.map(looks))) {
      this.inputs = {}
      this.player = undefined
      this.box.replaceChildren(...sliders.map(slider => this.slider(slider)))
    }
    this.ticks.build(this.inputs)
    this.sync()
  }

  // The control of a slider. Another payload's slider may take it over: by its key it is found where its values matter.
  slider({key, label, kind, step, values, colour, continuous}) {
    const id = newId('slider')
    const ends = step === null
      ? {min: '0', max: String(values.length - 1), step: '1'}
      : {min: String(values[0]), max: String(values.at(-1)), step: String(Number(step.toPrecision(10)))}
    const input = element('input', {type: 'range', id, ...ends})
    const output = element('output', {for: id, 'aria-live': 'off'})  // the slider itself says where it stands
    const number = continuous && this.frames.served ? this.number(key, label, values) : undefined
    this.inputs[key] = {input, output, number}
    input.addEventListener('input', () => {
      if (kind === 'timeline') this.player.pause()
      this.frames.held = [key]
      this.move(key, inputFrame(this.frames.slider(key), input.value))
    })
    input.addEventListener('change', () => { this.frames.held = []; this.release() })
    const box = element('div', {class: `stage-slider stage-${kind}`}, element('label', {for: id}, label), number ?? output)
    box.hidden = this.hidden.includes(key)
    if (colour) box.style.setProperty('--colour', colour)
    if (kind === 'timeline') this.player = this.timeline(key, input)
    box.append(kind === 'timeline' ? this.player.box : input)
    return box
  }

  timeline(key, input) {
    return new Player(this.frames.slider(key), input, {
      frame: () => this.frames.at[key], release: this.release,
      go: frame => { this.move(key, frame); this.sync() },
    })
  }

  // A field in which a value between the frames is typed.
  number(key, label, values) {
    const [min, max] = [values[0], values.at(-1)]
    const field = element('input', {type: 'number', min: String(min), max: String(max), step: 'any', 'aria-label': `${label}, typed`})
    field.addEventListener('change', () => {
      const value = Number(field.value)
      if (field.value !== '' && value >= min && value <= max) { this.ask({[key]: value}); return }
      field.value = String(this.frames.slider(key).values[this.frames.at[key]])
      field.setCustomValidity(`${label} must be a number from ${numberText(min)} to ${numberText(max)}`)
      field.reportValidity()
    })
    field.addEventListener('input', () => field.setCustomValidity(''))
    return field
  }

  // Moves the thumbs to where the sliders stand.
  sync() {
    for (const slider of this.sliders) {
      const {input} = this.inputs[slider.key], frame = this.frames.at[slider.key]
      if (inputFrame(slider, input.value) !== frame) input.value = inputValue(slider, frame)
    }
  }

  // Writes beside each slider where it stands.
  write() {
    this.ticks.write()
    for (const slider of this.sliders) {
      const {output, input, number} = this.inputs[slider.key], frame = this.frames.at[slider.key]
      output.textContent = frameText(slider, frame)
      if (number && number !== document.activeElement) number.value = String(slider.values[frame])
      input.setAttribute('aria-valuetext', output.textContent)
      const part = (input.value - input.min) / (input.max - input.min)
      input.style.setProperty('--fill', `calc(${part} * (100% - 18px) + 9px)`)  // to the middle of the thumb
    }
  }
}

export const hasControl = ({kind}) => kind !== 'hidden'

// What a control shows of a slider.
const looks = ({key, label, kind, values, colour, continuous}) =>
  [key, label, kind, continuous ? [values.length, values[0], values.at(-1)] : values, colour]
