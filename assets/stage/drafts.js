// Drafts: what a picture shows while a mark is on its way to a place for which no payload has a frame. They are asked for while
// the hand moves, and the newest wins.

import {decode, fetchPayload} from './payload.js'

const PAUSE = 100  // ms between two questions
const OPEN = 2  // questions that may wait for their answers

export class Drafts {
  // `address(values)` is where a draft is; `draw(head, values)` gets it.
  constructor({address, draw}) {
    Object.assign(this, {address, draw})
    this.open = this.asked = this.shown = 0
    this.next = -PAUSE  // when there may be another question
  }

  // The mark is at these values now.
  want(values) {
    this.wanted = values
    this.timer ??= setTimeout(() => { this.timer = undefined; this.ask() }, Math.max(0, this.next - performance.now()))
  }

  // The mark was let go: what still comes is late.
  drop() {
    clearTimeout(this.timer)
    this.timer = this.wanted = undefined
    this.shown = this.asked
  }

  async ask() {
    if (!this.wanted || this.open >= OPEN) return
    const values = this.wanted, number = ++this.asked
    this.wanted = undefined
    this.next = performance.now() + PAUSE
    this.open++
    try {
      const head = await this.fetched(values)
      if (head && number > this.shown) {
        this.shown = number
        this.draw(head, values)
      }
    } finally {
      this.open--
      if (this.wanted) this.want(this.wanted)
    }
  }

  // The draft; undefined where there is none: the payload that is asked for when the mark is let go says what is wrong.
  async fetched(values) {
    try { return decode(await fetchPayload(this.address(values), () => false)) }
    catch { return undefined }
  }
}
