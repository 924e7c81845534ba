// A stage: a payload's picture, controls and words, and what a person does with them. Every frame is in the payload: moving
// a slider only picks other rows of its arrays, so nothing is asked of the server before a control is released.

import {Cards} from './cards.js'
import {Chart} from './chart.js'
import {Controls} from './controls.js'
import {element} from './elements.js'
import {Frames} from './frames.js'
import {Handles} from './handles.js'
import {SaveTools} from './save.js'
import {Scenes} from './scenes.js'
import {Story} from './story.js'
import {Texts} from './texts.js'

export class Stage {
  // `released(values)` gets the values of all sliders that have left their start. Without it, as in a saved page, there
  // is no server behind the stage.
  constructor(root, released) {
    this.released = released
    this.section = element('section', {class: 'stage', 'aria-busy': 'true'})
    const {section} = this, frames = this.frames = new Frames(Boolean(released)), ask = values => this.ask(values)
    const act = {move: (key, frame) => this.move(key, frame), release: () => this.release()}
    const chart = this.chart = new Chart(section, frames)
    const texts = this.texts = new Texts(frames)
    const controls = this.controls = new Controls(frames, {ask, filled: text => texts.filled(text), ...act})
    this.cards = new Cards(texts, frames, {set: values => this.set(values), choose: () => this.chosen?.()})
    this.scenes = new Scenes()
    this.story = new Story(frames, values => this.set(values))
    this.save = new SaveTools(section, {chart, frames})
    this.handles = new Handles(section, {chart, controls, frames, act: {...act, ask, restore: values => this.restore(values), askMeanwhile: values => this.meanwhile.want({...frames.values(), ...values})}})
    this.problem = element('div', {class: 'stage-problem', role: 'alert', hidden: true})
    const main = element('div', {class: 'stage-main'}, this.problem, texts.summary, chart.picture, chart.alt, texts.legend, texts.grids, texts.notes, texts.spoken)
    const side = element('div', {class: 'stage-side'}, texts.readings, controls.box, this.save.box)
    section.append(this.story.box, this.scenes.box, element('div', {class: 'stage-row'}, main, side), this.cards.box)
    section.addEventListener('keydown', event => this.onKey(event))
    this.onPageKey = event => { if (event.target === document.body) this.onKey(event) }
    document.addEventListener('keydown', this.onPageKey)
    root.append(section)
    this.moved = new Set()  // sliders that have moved since the last drawing
  }

  // A payload and the values of its sliders by key; the zoom and what is being dragged are left alone.
  async show(head, Plotly, values) {
    const before = this.frames.head
    this.isDraft = false
    this.problem.hidden = true
    this.chart.picture.hidden = false
    const playing = this.controls.player?.playing && this.controls.player
    this.controls.player?.pause()
    // What plays, plays on in the new picture.
    const on = playing && head.sliders.find(({key, values}) => key === playing.slider.key && values.length === playing.slider.values.length)
    this.frames.begin(head, values, on?.key)
    this.controls.build(before)
    const drawn = this.chart.show(head, Plotly)
    this.texts.build(head, this.chart.lacksSurface)
    this.cards.build(head, Boolean(this.released))
    this.story.build(head, Boolean(this.released))
    await drawn
    this.write()
    this.section.setAttribute('aria-busy', 'false')
    this.section.dataset.ready = 'true'
    if (on) this.controls.player.resume(playing)
  }

  write() {
    this.texts.write()
    this.cards.write()
    this.controls.write()
    this.story.write()
  }

  // --- moving ---

  move(key, frame) {
    const moved = this.frames.put(key, frame)
    if (!moved.length) return
    if (moved.length > 1) this.controls.sync()
    for (const key of moved) this.moved.add(key)
    this.pending ??= requestAnimationFrame(() => {
      this.pending = undefined
      this.draw(this.moved)
      this.moved.clear()
    })
  }

  // The values that Python names, as after a click on a link.
  adopt(values) {
    const moved = this.frames.putAll(values)
    if (!moved.length) return
    this.controls.sync()
    this.draw(new Set(moved))
  }

  // A click sets sliders: as if a hand had moved them and let go.
  set(values) {
    this.adopt({...this.frames.values(), ...values})
    this.release()
  }

  // All sliders at these values, or else at their starts.
  restore(values) {
    this.adopt(values)
    this.released?.(values)
  }

  draw(moved) {
    this.chart.painter.draw(moved)
    this.write()
  }

  release() {
    this.chart.painter.flushSoon()
    requestAnimationFrame(() => this.texts.speak())  // once this move is drawn
    this.frames.stopWaiting()
    this.released?.(this.frames.values())
  }

  // A draft at these values, of a mark that is on its way.
  preview(head, values) {
    this.isDraft = true
    this.frames.begin(head, values)
    this.chart.painter.preview(head)
    this.texts.build(head, this.chart.lacksSurface)
    this.texts.write()
    this.controls.write()
  }

  // Left at values for which there may be no frame: the server is asked for a payload with one.
  ask(values) {
    this.meanwhile?.drop()
    this.frames.waiting = true
    this.released({...this.frames.values(), ...values})
  }

  onKey(event) {
    if (event.key !== ' ' || event.target.closest('button, select, a, [type=number]')) return
    if (!this.controls.player) return
    event.preventDefault()
    this.controls.player.toggle()
  }

  // --- when something is missing ---

  // What a person reads over the picture until it comes.
  wait(words) {
    this.chart.picture.dataset.wait = words
    if (!this.chart.picture.hidden) this.problem.hidden = true
  }

  // `keeps`: the picture that is there is still right, and stays.
  fail(error, retry, keeps) {
    this.section.setAttribute('aria-busy', 'false')
    const again = element('button', {type: 'button'}, error.outdated ? 'Reload' : 'Try again')
    again.addEventListener('click', () => {
      if (error.outdated) { location.reload(); return }
      this.problem.hidden = true
      this.chart.picture.hidden = false
      retry()
    })
    const what = keeps ? 'The chart for these values could not be shown' : 'The chart could not be shown'
    this.problem.replaceChildren(element('p', {}, `${what}: ${error.message}.`), again)
    this.problem.classList.toggle('over', keeps)
    this.problem.hidden = false
    this.chart.picture.hidden = !keeps
  }

  close() {
    this.controls.player?.pause()
    this.chart.close()
    this.handles.close()
    document.removeEventListener('keydown', this.onPageKey)
    this.section.remove()
  }
}
