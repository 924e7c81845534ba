// The story above a picture: one step after the other, each of which waits until it is done. Which step it is stands in
// the address, as a slider's value does; 0 is the end.

import {linkAddress} from './cards.js'
import {element, pushButton} from './elements.js'

const STORY = 'story'  // the key of its slider

export class Story {
  // `set(values)` moves sliders to values, as a hand that lets go of them there. `ask()` asks the picture's question.
  constructor(frames, {set, ask}) {
    Object.assign(this, {frames, set, ask})
    this.box = element('div', {class: 'stage-story', hidden: true, role: 'group', 'aria-label': 'Story'})
    this.what = element('span')
    this.warmth = element('em')
    this.then = element('span', {role: 'status'})
    this.room = element('span', {class: 'stage-room', 'aria-hidden': 'true'})  // where the end of a step will stand: nothing moves then
    this.next = pushButton('Next', () => this.go(this.at + 1))
    this.leave = pushButton('Skip the story', () => this.go(0))
  }

  get at() { return this.frames.at[STORY] ?? 0 }

  build({story}, served) {
    this.steps = story
    this.served = served
    this.shown = undefined
  }

  // Whether it stands above the picture.
  get isOn() { return Boolean(this.steps?.length && this.at) }

  go(number) {
    const step = this.steps[number - 1]
    this.set({...step?.sets, [STORY]: step ? number : 0})
  }

  // A person has answered the question of this step, or does not want to: the next step begins by itself.
  answered() {
    if (this.isOn && this.steps[this.at - 1].asks) this.go(this.at + 1)
  }

  write() {
    this.box.hidden = !this.isOn
    if (!this.isOn) return
    if (this.shown !== this.at) this.begin()
    const {done, nearness} = this.steps[this.at - 1]
    if (nearness && this.next.disabled) this.sayWarmth(this.frames.row(nearness)[0])
    if (done && !this.frames.waits(done) && this.frames.row(done)[0]) this.finish()
  }

  begin() {
    const {do: what, then, asks, links} = this.steps[this.at - 1], last = this.at === this.steps.length
    const ways = links.filter(() => this.served).flatMap((link, i) => [i ? ' · ' : ' ', element('a', {href: linkAddress(link, {})}, link.label)])
    this.shown = this.at
    this.near = undefined
    this.warmth.textContent = this.then.textContent = ''
    this.room.textContent = then
    this.what.replaceChildren(element('b', {}, `Step ${this.at} of ${this.steps.length}`), ` ${what}`, ...ways)
    this.next.disabled = true
    this.next.hidden = last
    this.leave.textContent = last ? 'Close the story' : 'Skip the story'
    this.box.replaceChildren(this.what, ' ', this.warmth, ' ', this.then, ' ', this.next, ' ', this.leave, ' ', this.room)
    if (asks) this.ask()
  }

  sayWarmth(distance) {
    if (this.near !== undefined && distance !== this.near) this.warmth.textContent = distance < this.near ? 'Warmer.' : 'Colder.'
    this.near = distance
  }

  finish() {
    if (!this.next.disabled) return
    this.warmth.textContent = this.room.textContent = ''
    this.then.textContent = this.steps[this.at - 1].then
    this.next.disabled = false
  }
}
