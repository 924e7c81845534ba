// The handles: marks and lines of the picture that a person drags, or puts elsewhere with a click. Each moves sliders, as if
// their thumbs were dragged.

import {Pinch} from './pinch.js'
import {betweenFrames, distanceTo, inPanel, nearest, placesAlong} from './places.js'
import {axesOf, isDrawn, isOnModebar} from './plotly_adapter.js'

const REACH = {mouse: 12, pen: 16, touch: 26}  // pixels from a handle within which it is taken hold of
const EDGE = 8  // pixels beyond a panel that still count as in it: half of a mark at its end
const TWICE = 600  // ms between two clicks that are one double click
const STILL = 4  // pixels: a press that moves less is a click

export class Handles {
  // `act` has `move(key, frame)` and `release()` as for a slider, `restore(values)` for all of them, `ask(values)` for a place
  // for which no payload has a frame, and `askMeanwhile(values)` for one on the way there.
  constructor(section, {chart, controls, frames, act}) {
    Object.assign(this, {section, chart, controls, frames, act})
    const {picture} = chart
    this.held = []
    new Pinch(picture, () => this.letGo())
    // Before Plotly hears of them: a press on a handle is no zoom.
    picture.addEventListener('pointerdown', event => this.down(event), true)
    for (const kind of ['mousedown', 'touchstart'])
      picture.addEventListener(kind, event => this.keep(event), {capture: true, passive: false})
    picture.addEventListener('pointermove', event => this.over(event), true)
    chart.onDoubleClick = () => this.takeBack()
    // On a handle, of which Plotly does not hear.
    picture.addEventListener('dblclick', event => { if (this.grasped(event).length) { this.takeBack(); chart.resetZoom() } })
    this.closing = new AbortController()
    for (const [kind, listener] of [['pointermove', this.drag], ['pointerup', this.up], ['pointercancel', this.up]])
      window.addEventListener(kind, event => listener.call(this, event), {signal: this.closing.signal})
  }

  // The payload's handles. Where there is no server, none for which it has to be asked.
  get all() {
    const handles = isDrawn(this.chart.plot) && this.frames.head?.handles || []
    return this.frames.served ? handles : handles.filter(handle => !this.isFree(handle))
  }

  isFree({x}) { return Boolean(x) && this.frames.slider(x).continuous }

  // --- where they are ---

  // The handles of the panel that the pointer is in, each with its pixels from the pointer: nearest first, and what is drawn on
  // top before what is under it.
  near({clientX, clientY, target}) {
    if (isOnModebar(target)) return []
    const box = this.chart.plot.getBoundingClientRect(), found = []
    for (const handle of this.all.toReversed()) {
      const axes = axesOf(this.chart.plot, handle.trace)
      const at = [clientX - box.left - axes[0].offset, clientY - box.top - axes[1].offset]
      if (at.every((pixel, i) => pixel >= -EDGE && pixel <= axes[i].length + EDGE)) found.push({handle, axes, at, ...distanceTo(this.chart, handle, axes, at)})
    }
    return found.sort((one, other) => one.away - other.away)
  }

  // A mark before a line, and where lines cross all of them.
  grasped(event) {
    const found = this.near(event).filter(({away}) => away <= (REACH[event.pointerType] ?? REACH.mouse))
    const mark = found.find(({isLine}) => !isLine)
    return mark ? [mark] : found
  }

  // --- being dragged ---

  down(event) {
    if (event.button) return
    this.from = isOnModebar(event.target) ? undefined : [event.clientX, event.clientY]
    this.hold(this.grasped(event))
    if (this.held.length) event.stopPropagation()
  }

  hold(grasped) {
    this.held = grasped
    this.section.classList.toggle('stage-holding', grasped.length > 0)
    this.frames.held = grasped.flatMap(({handle}) => keysOf(handle))
    for (const one of grasped) this.prepare(one)
  }

  // Another finger has come: neither a drag nor a click.
  letGo() {
    this.from = undefined
    if (!this.held.length) return
    this.hold([])
    this.act.release()
  }

  // Before a handle moves: its timeline goes back, and only then does it have the places to which its sliders can bring it. The
  // values at these places are kept beside them: a draft that comes under the hand has frames of its own.
  prepare(one) {
    const {rewinds} = one.handle
    if (rewinds) this.moveTo(rewinds, this.frames.slider(rewinds).start)
    const each = find => Object.fromEntries(keysOf(one.handle).map(key => [key, find(key)]))
    one.stops = each(key => placesAlong(this.chart, this.frames, one, key))
    one.numbers = each(key => this.frames.slider(key).values)
  }

  // A finger that can only move a handle across may still scroll the page up and down.
  keep(event) {
    if (!this.held.length) return
    event.stopPropagation()
    if (event.type === 'mousedown' || this.held.some(({handle}) => handle.y || handle.along)) event.preventDefault()
  }

  over(event) {
    if (event.buttons) return
    const grasped = this.grasped(event), moves = axis => grasped.some(({handle}) => handle[axis] || handle.along)
    const [across, up] = [moves('x'), moves('y')]
    this.section.dataset.grasp = across && up ? 'any' : across ? 'across' : up ? 'up' : ''
  }

  drag(event) {
    if (!this.held.length) return
    const box = this.chart.plot.getBoundingClientRect()
    for (const one of this.held)
      this.put(one, [event.clientX - box.left - one.axes[0].offset, event.clientY - box.top - one.axes[1].offset], true)
  }

  up(event) {
    const {from, held} = this
    this.from = undefined
    if (held.length) this.hold([])
    if (!from) return
    const isClick = event.type === 'pointerup' && Math.hypot(event.clientX - from[0], event.clientY - from[1]) < STILL
    const moved = held.length ? held : isClick ? this.clickedHandles(event) : []
    if (isClick) this.count(event)
    if (isClick && event.pointerType === 'touch' && this.isSecond) {  // of which Plotly may not hear: a tap can draw the picture anew
      this.takeBack()
      this.chart.resetZoom()
      return
    }
    if (!held.length) for (const one of moved) this.put(one, one.at, false)
    const free = moved.find(({handle}) => this.isFree(handle))
    if (free?.values) this.act.ask(free.values)
    else if (moved.length) this.act.release()
  }

  // What a click puts where it is: the nearest handle that moves across, and the nearest that moves up.
  clickedHandles(event) {
    const near = this.near(event).filter(({handle}) => !handle.along)
    const found = [near.find(({handle}) => handle.x), near.find(({handle}) => handle.y)].filter(Boolean)
    for (const one of found) this.prepare(one)
    return [...new Set(found)]
  }

  // Counts the clicks. `before` are the values before the first of two.
  count({timeStamp}) {
    this.isSecond = timeStamp - (this.clicked ?? -TWICE) < TWICE
    this.clicked = timeStamp
    if (!this.isSecond) this.before = this.frames.values()
  }

  // A double click is no click: it resets the zoom.
  takeBack() {
    if (this.isSecond) this.act.restore(this.before)
    this.isSecond = false
  }

  // Moves the sliders of a handle so that it is at this place, in pixels of its panel.
  put(one, at, isDragged) {
    const {handle, axes} = one
    if (this.isFree(handle)) { this.putFreely(one, at, isDragged); return }
    if (handle.along) this.moveTo(handle.along, nearest(one.stops[handle.along], ([x, y]) => Math.hypot(x - at[0], y - at[1])))
    for (const [i, key] of [handle.x, handle.y].entries())
      if (key) this.moveTo(key, nearest(one.stops[key], place => Math.abs(place[i] - inPanel(axes[i], at[i]))))
  }

  moveTo(key, frame) {
    if (frame === undefined) return
    if (this.controls.player?.slider.key === key) this.controls.player.pause()
    this.act.move(key, frame)
    this.controls.sync()
  }

  // Between the frames: the mark follows the hand, and what depends on it as soon as the server has answered.
  putFreely(one, at, isDragged) {
    Object.assign(one, betweenFrames(one, at))
    this.showInHand(one)
    if (isDragged) this.act.askMeanwhile(one.values)
  }

  showInHand({handle, values, place}) {
    this.chart.painter.place(handle.trace, ...place)
    for (const [key, value] of Object.entries(values)) this.controls.inputs[key].number.value = String(value)
  }

  // A draft has come of a place where the hand was: the mark stays where it is now.
  stayInHand() {
    for (const one of this.held) if (one.values) this.showInHand(one)
  }

  close() { this.closing.abort() }
}

const keysOf = ({x, y, along}) => [x, y, along].filter(Boolean)
