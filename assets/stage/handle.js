// The handle: a mark on the picture that a person drags, or sets with a click: two continuous sliders at once. What depends
// on it is asked of the server once it is let go, because no payload holds a frame for every place.

import {axesOf, isDrawn, isOnModebar} from './plotly_adapter.js'

const REACH = {mouse: 12, pen: 16, touch: 26}  // pixels around the handle that take hold of it
const STILL = 4  // pixels: a press that moves less is a click

export class Handle {
  // `ask(values)` gets the place where the handle is let go.
  constructor(section, {chart, controls, frames, ask}) {
    Object.assign(this, {section, chart, controls, frames, ask})
    const {picture} = chart
    // Before Plotly hears of them: a press on the handle is no zoom.
    picture.addEventListener('pointerdown', event => this.down(event), true)
    for (const kind of ['mousedown', 'touchstart'])
      picture.addEventListener(kind, event => { if (this.held) { event.stopPropagation(); event.preventDefault() } }, {capture: true, passive: false})
    picture.addEventListener('pointermove', event => this.over(event), true)
    this.closing = new AbortController()
    for (const [kind, act] of [['pointermove', this.move], ['pointerup', this.up], ['pointercancel', this.up]])
      window.addEventListener(kind, event => act.call(this, event), {signal: this.closing.signal})
  }

  // The payload's handle, if it has one and there is a server to ask.
  get shown() { return this.frames.served ? this.frames.head?.handle : undefined }

  // The pointer in the units of the handle's axes, whether it is inside of them, and how many pixels it is from the handle.
  place({clientX, clientY}) {
    const [xaxis, yaxis] = axesOf(this.chart.plot, this.shown.trace)
    const box = this.chart.plot.getBoundingClientRect()
    const across = clientX - box.left - xaxis.offset, down = clientY - box.top - yaxis.offset
    const inside = across >= 0 && across <= xaxis.length && down >= 0 && down <= yaxis.length
    const {x, y} = this.chart.painter.rows[this.shown.trace]
    return {inside, x: xaxis.value(across), y: yaxis.value(down),
      away: Math.hypot(xaxis.pixel(x[0]) - across, yaxis.pixel(y[0]) - down)}
  }

  down(event) {
    if (!this.shown || !isDrawn(this.chart.plot) || event.button) return
    const place = this.place(event)
    this.from = place.inside && !isOnModebar(event.target) ? [event.clientX, event.clientY] : undefined
    this.held = place.inside && place.away <= (REACH[event.pointerType] ?? REACH.mouse)
    if (this.held) event.stopPropagation()
  }

  over(event) {
    if (!this.shown || !isDrawn(this.chart.plot) || event.buttons) return
    this.section.classList.toggle('stage-grab', this.place(event).away <= REACH.mouse)
  }

  move(event) {
    if (this.held && this.shown) this.show(this.place(event))
  }

  up(event) {
    if (!this.from || !this.shown) return
    const moved = Math.hypot(event.clientX - this.from[0], event.clientY - this.from[1])
    const wanted = event.type === 'pointerup' && (this.held || moved < STILL)
    this.from = this.held = undefined
    if (!wanted) return
    const place = this.place(event)
    this.show(place)
    const values = this.within(place)
    this.ask(Object.fromEntries(this.shown.sliders.map((key, i) => [key, values[i]])))
  }

  // A place in the ranges of the two sliders.
  within({x, y}) {
    return [x, y].map((value, i) => {
      const {values} = this.frames.slider(this.shown.sliders[i])
      return Number(Math.max(values[0], Math.min(values.at(-1), value)).toPrecision(4))
    })
  }

  show(place) {
    const values = this.within(place)
    this.chart.painter.place(this.shown.trace, ...values)
    this.shown.sliders.forEach((key, i) => { this.controls.inputs[key].number.value = String(values[i]) })
  }

  close() { this.closing.abort() }
}
