// A stage: a payload's picture, controls and words, and what a person does with them. Every frame is in the payload: moving
// a slider only picks other rows of its arrays, so nothing is asked of the server before a control is released.

import {Cards} from './cards.js'
import {Chart} from './chart.js'
import {Controls} from './controls.js'
import {element} from './elements.js'
import {Frames} from './frames.js'
import {Glossary} from './glossary.js'
import {Handles} from './handles.js'
import {Problem} from './problem.js'
import {Question} from './question.js'
import {SaveTools} from './save.js'
import {Scenes} from './scenes.js'
import {Share} from './share.js'
import {Story} from './story.js'
import {Texts} from './texts.js'

let isFirst = true  // picture of the page: a screen reader reads it with the page

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
    this.scenes = new Scenes(values => this.set(values))
    this.story = new Story(frames, {ask: () => this.question.ask(), set: values => { if (!values.story) this.question.end(); this.set(values) }})
    const put = (key, frame) => { this.move(key, frame); this.controls.sync() }
    this.question = new Question(section, {frames, texts, put, onState: state => { if (state !== 'asked') this.story.answered() }})
    this.save = new SaveTools({chart, frames, hidden: () => controls.hidden, isReady: () => this.isComplete})
    this.share = new Share(section, frames)
    this.handles = new Handles(section, {chart, controls, frames, act: {...act, ask, restore: values => this.restore(values), askMeanwhile: values => { this.overtake(values); this.meanwhile.want({...frames.values(), ...values}) }}})
    this.problem = new Problem(section, chart)
    const main = element('div', {class: 'stage-main'}, this.problem.box, this.question.box, texts.summary, chart.picture, chart.alt, texts.legend, texts.grids, texts.notes, texts.spoken)
    const side = element('div', {class: 'stage-side'}, texts.readings, controls.box, this.save.box)
    this.glossary = new Glossary(section, () => [
      [this.story.box, this.scenes.box, this.question.box, texts.summary], [texts.legend, texts.notes, texts.readings, texts.grids, controls.box], ...[...this.cards.box.children].map(card => [card]),
    ])
    section.append(this.story.box, this.scenes.box, element('div', {class: 'stage-row'}, main, side), this.cards.box, this.save.dialog.box)
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
    this.problem.clear()
    const playing = this.controls.player?.playing && this.controls.player
    this.controls.player?.pause()
    // What plays, plays on in the new picture.
    const on = playing && head.sliders.find(({key, values}) => key === playing.slider.key && values.length === playing.slider.values.length)
    this.frames.begin(head, values, on?.key)
    this.story.build(head, Boolean(this.released))
    this.question.show(head.question, {isPlaying: Boolean(on), hasStory: this.story.isOn})
    this.controls.build(before)
    const drawn = this.chart.show(head, Plotly)
    this.texts.build(head, this.chart.lacksSurface)
    this.cards.build(head, Boolean(this.released))
    await drawn
    this.write()
    this.section.setAttribute('aria-busy', 'false')
    this.section.dataset.ready = 'true'
    if (!isFirst) this.speakSoon()
    isFirst = false
    if (on) this.controls.player.resume(playing)
  }

  // Whether the picture is that of the sliders' values, and all their frames are there.
  get isComplete() { return this.section.getAttribute('aria-busy') === 'false' && !this.isDraft && this.frames.isComplete }

  write() {
    this.texts.write()
    this.cards.write()
    this.controls.write()
    this.story.write()
    this.question.write()
    this.glossary.soon()
  }

  // --- moving ---

  move(key, frame) {
    const own = this.frames.put(key, frame)
    if (!own.length) return
    const moved = [...own, ...this.question.moved(own)]
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
    this.speakSoon()
  }

  // A question goes where a person does something else first.
  overtake(values) {
    const moved = this.question.moved(Object.keys(values))
    if (!moved.length) return
    this.controls.sync()
    this.draw(new Set(moved))
  }

  // A click sets sliders: as if a hand had moved them and let go.
  set(values) {
    this.overtake(values)
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
    this.speakSoon()
    this.question.released()
    this.frames.stopWaiting()
    this.released?.(this.frames.values())
  }

  // Once this move is drawn; where a payload is on its way, once that is.
  speakSoon() {
    this.speaking ??= requestAnimationFrame(() => {
      this.speaking = undefined
      if (this.section.getAttribute('aria-busy') === 'false') this.texts.speak()
    })
  }

  // A draft at these values, of a mark that is on its way.
  preview(draft, values) {
    const {held, head: {data, layout}} = this.frames, head = {...draft, data, layout}
    this.isDraft = true
    Object.assign(this.frames, {held: []}).begin(head, values)  // the thumbs follow the mark
    this.frames.held = held
    this.controls.sync()
    this.chart.painter.preview(head)
    this.texts.build(head, this.chart.lacksSurface)
    this.texts.write()
    this.controls.write()
    this.handles.stayInHand()
    this.glossary.soon()
  }

  // Left at values for which there may be no frame: the server is asked for a payload with one.
  ask(values) {
    this.meanwhile?.drop()
    this.overtake(values)
    this.frames.waiting = true
    this.released({...this.frames.values(), ...values})
  }

  onKey(event) {
    if (event.key !== ' ' || event.target.closest('button, select, a, [type=number]')) return
    if (!this.controls.player) return
    event.preventDefault()
    this.controls.player.toggle()
  }

  close() {
    this.controls.player?.pause()
    this.chart.close()
    this.handles.close()
    this.glossary.close()
    document.removeEventListener('keydown', this.onPageKey)
    this.section.remove()
  }
}
