// The words beside and under the picture: the legend of its symbols, the summary, the table of readings, a note on each,
// the grids. Their numbers are picked from the payload by where the sliders stand.

import {element, stroke} from './elements.js'
import {numberText} from './numbers.js'

const LONG = 24  // letters of a name in the readings, such as a file's, that needs more than a line
const DENSE = 4  // numbers of a row that stand closer together
const NO_SURFACE = 'This browser cannot draw surfaces (it has no WebGL); the map shows the same landscape.'

export class Texts {
  constructor(frames) {
    this.frames = frames
    this.legend = element('ul', {class: 'stage-legend', 'aria-label': 'Symbols in the picture'})
    this.summary = element('p', {class: 'stage-summary'})
    this.spoken = element('p', {class: 'stage-hidden', 'aria-live': 'polite'})  // the summary, but only once released
    this.notes = element('ul', {class: 'stage-notes'})
    this.readings = element('table', {class: 'stage-readings'})
    this.grids = element('div', {class: 'stage-grids'})
    this.rich = new Map()
    this.written = new WeakMap()  // what was written into an element: a text, or the HTML of a slot
    new ResizeObserver(() => this.keepHeight()).observe(this.summary)  // to ask for its height at each frame takes milliseconds
  }

  build(head, lacksSurface) {
    this.bars = []  // [element, live share]
    this.slots = []  // of the cards: an element, its slot, and the text that stands in it
    this.richBefore = this.rich
    this.rich = new Map()  // the elements of HTML, by their template
    this.tallest = 0
    this.summary.style.minHeight = ''
    this.parts = [[this.summary, head.summary, lacksSurface ? ` ${NO_SURFACE}` : '']]  // [element, text, what follows it]
    this.buildReadings(head)
    this.legend.hidden = !head.legend.length
    this.legend.replaceChildren(...head.legend.map(({symbol, text, colour}) => element('li', {}, element('b', colour ? {style: `color: ${colour}`} : {}, symbol), ` ${text}`)))
    this.grids.hidden = !head.grids.length
    this.grids.replaceChildren(...head.grids.map(grid => this.grid(grid)))
  }

  // An element that is to show a text.
  part(tag, text, attributes = {}) {
    const made = element(tag, attributes)
    this.parts.push([made, text, ''])
    return made
  }

  buildReadings({readings, headings}) {
    this.readings.hidden = !readings.length
    this.readings.classList.toggle('stage-long', readings.some(({name}) => name.length > LONG))
    this.readings.classList.toggle('stage-dense', readings.some(({cells}) => cells.length >= DENSE))
    const rows = readings.map(({name, colour, dash, cells}) => element('tr', {},
      element('th', {scope: 'row'}, stroke(colour, dash), name), ...cells.map(cell => this.part('td', cell, isWords(cell) ? {class: 'stage-words'} : {}))))
    this.readings.replaceChildren(...headings.length ? [tableHead(headings)] : [], element('tbody', {}, ...rows))
    this.notes.replaceChildren(...readings.filter(({note}) => note).map(({name, colour, dash, note}) =>
      element('li', {}, stroke(colour, dash), element('b', {}, `${name}: `), this.part('span', note))))
  }

  // A small table of live numbers, each cell with a bar behind it.
  grid({name, colour, dash, columns, rows}) {
    const body = rows.map(({name: row, cells}) => element('tr', {}, element('th', {scope: 'row'}, row), ...cells.map(cell => {
      const box = this.part('td', cell.number)
      box.style.setProperty('--bar', cell.colour)
      this.bars.push([box, cell.share])
      return box
    })))
    const made = element('table', {class: 'stage-grid'}, element('caption', {}, stroke(colour, dash), name), tableHead(columns), element('tbody', {}, ...body))
    made.style.setProperty('--columns', columns.length)
    return made
  }

  // HTML in which every slot is an element: only those are written that change. A new payload with the same words around its
  // slots keeps the elements, and what stands in them until there is something else.
  richPart({template, slots}) {
    const made = this.richBefore.get(template) ?? element('div')
    if (!this.richBefore.has(template)) made.innerHTML = template
    this.rich.set(template, made)
    for (const node of made.querySelectorAll('[data-slot]')) {
      const name = node.dataset.slot
      this.slots.push({node, slot: slots[name], text: {template: `{${name}}`, slots}})
    }
    return made
  }

  // A text that needs a frame that there is not yet stays as it was, and looks stale.
  write() {
    for (const [node, text, end] of this.parts) {
      const stale = this.waits(text)
      node.classList.toggle('stage-stale', stale)
      const words = stale ? this.written.get(node) : this.filled(text) + end
      if (words === this.written.get(node)) continue  // marks in it stay
      this.written.set(node, words)
      node.textContent = words
    }
    for (const part of this.slots) this.writeSlot(part)
    for (const [box, share] of this.bars)
      if (!this.frames.waits(share)) box.style.setProperty('--share', this.frames.row(share)[0] || 0)
    if (!this.tallest) this.keepHeight()
  }

  waits({slots}) { return Object.values(slots).some(slot => this.frames.waits(slot.live ?? slot)) }

  // A sentence that gets shorter leaves the picture under it where it is.
  keepHeight() {
    const height = this.summary.offsetHeight
    if (height <= this.tallest) return
    this.tallest = height
    this.summary.style.minHeight = `${height}px`
  }

  writeSlot({node, slot, text}) {
    const stale = this.frames.waits(slot.live ?? slot)
    if (stale !== node.classList.contains('stage-stale')) node.classList.toggle('stage-stale', stale)
    const html = stale ? this.written.get(node) : this.filled(text)
    if (html === this.written.get(node)) return
    this.written.set(node, html)
    node.innerHTML = html
  }

  filled({template, slots}) {
    const fill = text => text.replace(/\{(\w+)\}/g, (whole, name) => {
      const slot = slots[name]
      if (!slot) return whole
      if (!slot.words) return numberText(this.frames.row(slot)[0])
      return fill(slot.words[slot.live ? this.frames.row(slot.live)[0] : this.frames.at[slot.slider]])
    })
    return fill(template)
  }

  // For a screen reader, which hears a new sentence once. A summary that a question covers is not spoken.
  speak() {
    const sentence = this.summary.textContent
    if (!this.summary.hasAttribute('aria-hidden') && this.spoken.textContent !== sentence) this.spoken.textContent = sentence
  }
}

const isWords = ({slots}) => Object.values(slots).some(slot => slot.words)
const tableHead = columns => element('thead', {}, element('tr', {}, element('td'), ...columns.map(text => element('th', {scope: 'col'}, text))))
