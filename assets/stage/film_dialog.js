// The dialog "Save as a film": what moves, which kind of file, how long that takes; while the film is made, how far it is.
// Closing it, by Escape too, cancels.

import {hasControl} from './controls.js'
import {element, newId, pushButton} from './elements.js'
import {Film} from './film.js'
import {FORMATS} from './film_formats.js'

const LOOKS_AGAIN = 100  // ms between two looks whether the picture is drawn

export class FilmDialog {
  // `isReady()`: whether the picture is drawn, with all frames of its sliders. `save(file, ending)` gets the file.
  constructor({chart, frames, hidden, isReady, save}) {
    Object.assign(this, {chart, frames, hidden, isReady, save})
    const heading = element('p', {id: newId('film'), class: 'stage-film-title'}, 'Save as a film')
    this.moving = element('select', {})
    this.kind = element('select', {}, ...Object.entries(FORMATS).map(([value, {name}]) => element('option', {value}, name)))
    this.text = element('p', {role: 'status'})
    this.progress = element('progress', {max: 1, 'aria-label': 'Frames made'})
    this.start = pushButton('Make the film', () => this.make())
    this.stop = pushButton('Close', () => this.box.close())
    this.box = element('dialog', {class: 'stage-film', 'aria-labelledby': heading.id}, heading,
      element('label', {}, element('span', {}, 'What moves'), this.moving), element('label', {}, element('span', {}, 'File'), this.kind),
      this.text, this.progress, element('div', {class: 'stage-film-buttons'}, this.start, this.stop))
    for (const choice of [this.moving, this.kind]) choice.addEventListener('change', () => this.estimate())
    this.box.addEventListener('close', () => { this.wanted = undefined })
    this.box.addEventListener('keydown', event => event.stopPropagation())  // the picture's own keys
  }

  // `scripts`: the addresses of what writes a film, by the ending of its file.
  open(scripts) {
    this.scripts = scripts
    const sliders = this.frames.head.sliders.filter(slider => hasControl(slider) && !this.hidden().includes(slider.key))
    const isTimeline = ({kind}) => kind === 'timeline'
    const options = [...sliders.filter(isTimeline), ...sliders.filter(slider => !isTimeline(slider))]
    this.moving.replaceChildren(...options.map(({key, label}) => element('option', {value: key}, label)))
    this.box.showModal()
    this.estimate()
  }

  // Draws two frames, to know how long all of them take: the first one takes longer.
  async estimate() {
    const wanted = this.begin()
    const lacks = FORMATS[this.kind.value].lacks()
    if (lacks) { this.say(`${lacks}. Choose GIF.`); return }
    this.say('One moment: the picture is being drawn …')
    while (!this.isReady()) {
      await new Promise(done => setTimeout(done, LOOKS_AGAIN))
      if (this.wanted !== wanted) return
    }
    const film = this.film(), {steps, slider, length} = film, times = [performance.now()]
    try {
      for (const step of [steps[0], steps.at(-1)]) {
        await film.draw(step)
        times.push(performance.now())
      }
    } finally {
      film.close()
    }
    if (this.wanted !== wanted) return
    const needed = (times[1] - times[0] + (steps.length - 1) * (times[2] - times[1])) / 1000
    const some = steps.length < slider.values.length ? ` of ${slider.values.length}` : ''
    this.say(`${steps.length}${some} frames, ${secondsText(length)}. Making it takes about ${secondsText(needed)}.`)
    this.start.disabled = false
  }

  async make() {
    const wanted = this.begin(), {value: ending} = this.kind
    this.show({busy: true})
    this.progress.value = 0
    this.say('The film is being made.')
    try {
      const film = this.film()
      const file = await film.make({progress: part => { this.progress.value = part }, isWanted: () => this.wanted === wanted})
      if (!file) return
      this.save(file, `${film.slider.key}.${ending}`)
      this.say(`The film is saved: ${(file.size / 1e6).toFixed(1)} MB.`)
    } catch (error) {
      this.say(`The film could not be made: ${error.message}.`)
    }
    this.show({busy: false})
    this.start.disabled = false
  }

  film() { return new Film(this.chart, this.frames, {key: this.moving.value, format: this.kind.value, address: this.scripts[this.kind.value]}) }

  // What was on its way before is wanted no more.
  begin() {
    this.wanted = {}
    this.show({busy: false})
    this.start.disabled = true
    return this.wanted
  }

  show({busy}) {
    for (const choice of [this.moving, this.kind]) choice.disabled = busy
    this.stop.textContent = busy ? 'Cancel' : 'Close'
    this.progress.hidden = !busy
  }

  say(words) { this.text.textContent = words }
}

function secondsText(time) {
  const whole = Math.max(1, Math.round(time))
  return whole === 1 ? '1 second' : `${whole} seconds`
}
