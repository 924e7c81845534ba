// The picture: draws a payload's figure with Plotly in the page's theme and width, and keeps where a person has zoomed to
// and from where a surface is looked at. What moves is painted by painter.js.

import {element, newId} from './elements.js'
import {atHeight, fittedHeight, withEqualPanel, withLargeText} from './fit.js'
import {inLecture} from './lecture.js'
import {sameJson} from './numbers.js'
import {Painter} from './painter.js'
import {trackCameras} from './plotly_adapter.js'
import {CONFIG, hasWebGL, isNarrow, largeTrace, layoutFor, LECTURE_FONT, LECTURE_ROOM, themeOf} from './theme.js'

const MOVED = 4  // pixels further up or down the page, from which on a picture is fitted anew
const BELOW = 38  // pixels under the picture for the key to its marks
const ABSENT = {type: 'scatter', visible: false}  // in a surface's place, where there is no WebGL

const topOf = node => node.getBoundingClientRect().top

// How far a page is scrolled whose content scrolls in an element of its own, as Streamlit's does.
function scrolledBy(node) {
  for (let around = node; around; around = around.parentElement) if (around.scrollTop) return around.scrollTop
  return 0
}

export class Chart {
  // `section` is the stage's own element: how wide it is decides the layout.
  constructor(section, frames) {
    this.section = section
    this.plot = element('div', {class: 'stage-plot'})
    this.alt = element('p', {class: 'stage-hidden', id: newId('alt')})
    this.picture = element('div', {class: 'stage-picture', id: 'picture', role: 'group', tabindex: '-1', 'aria-describedby': this.alt.id}, this.plot)
    this.painter = new Painter(this.plot, frames)
    this.picture.append(this.painter.edges.box)
    this.cameras = {}
    this.picture.addEventListener('pointerenter', () => this.painter.flush())
    // The wheel scrolls the page. With Ctrl, as a pinch of two fingers is told, it zooms.
    this.picture.addEventListener('wheel', event => { if (!event.ctrlKey) event.stopPropagation() }, {capture: true, passive: true})
    this.sizes = new ResizeObserver(() => this.fit())
    this.sizes.observe(this.picture)
    // What stands above the stage, once that is in the page.
    requestAnimationFrame(() => { const around = section.closest('[data-testid=stVerticalBlock]'); if (around) this.sizes.observe(around) })
    this.resized = () => this.fit()
    window.addEventListener('resize', this.resized)
  }

  async show(head, Plotly) {
    const before = this.head
    this.head = head
    this.Plotly = Plotly
    this.alt.textContent = head.alt
    this.picture.setAttribute('aria-label', head.name)
    this.lacksSurface = head.data.some(trace => trace.type === 'mesh3d') && !hasWebGL()
    const data = this.tracesOf(this.painter)
    this.theme = themeOf(this.section.parentElement)
    this.section.style.colorScheme = this.theme
    await this.react(data, before)
    trackCameras(this.plot, this.cameras, head.layout)
    this.painter.drawn()
    this.plot.removeAllListeners('plotly_afterplot')
    this.plot.on('plotly_afterplot', () => this.painter.drawn())
    this.plot.removeAllListeners('plotly_doubleclick')
    this.plot.on('plotly_doubleclick', () => {
      if (this.plot.layout.dragmode) this.Plotly.relayout(this.plot, this.usualDrag())
      this.onDoubleClick?.()
    })
  }

  // The traces of the payload with a painter's rows, as they can be drawn here.
  tracesOf(painter) {
    return painter.begin(this.head, this.Plotly).map(trace => this.lacksSurface && trace.type === 'mesh3d' ? ABSENT : largeTrace(trace))
  }

  async react(data, before) {
    const layout = this.layout(), zoom = this.zoom(before)
    await this.Plotly.react(this.plot, data, layout, CONFIG)
    if (Object.keys(zoom).length) await this.Plotly.relayout(this.plot, zoom)
  }

  // The figure's layout for the page as it is now, with the cameras of the surfaces drawn before.
  layout() {
    this.narrow = isNarrow(this.section)
    this.width = this.picture.clientWidth
    this.windowHeight = window.innerHeight
    const usual = layoutFor(this.head, this.theme, this.narrow)
    const layout = usual.meta?.gaps ? this.fitted(usual) : usual  // a figure may be no picture of panels
    layout.dragmode = this.plot.layout?.dragmode ?? false  // a drag zooms only where that was chosen in the mode bar
    for (const [name, camera] of Object.entries(this.cameras)) if (layout[name]) layout[name] = {...layout[name], camera}
    if (this.lacksSurface) for (const name of Object.keys(layout)) if (name.startsWith('scene')) delete layout[name]
    this.section.style.setProperty('--height', `${layout.height}px`)
    return layout
  }

  // The layout for the room that there is. Where the page was not scrolled, the picture begins under all that is above it;
  // below it there is a line of words.
  fitted(usual) {
    this.begin = this.rowTop()
    const above = this.begin + topOf(this.picture) - topOf(this.picture.parentElement)
    const room = inLecture() ? LECTURE_ROOM : 1
    const height = fittedHeight(usual, {width: this.width, top: above + BELOW, onPhone: this.narrow, room})
    const layout = atHeight(usual, height, room)
    const placed = withEqualPanel(layout, this.width - layout.margin.l - layout.margin.r)
    return inLecture() ? withLargeText(placed, this.width, LECTURE_FONT) : placed
  }

  // Where the row of the picture and its sliders begins on the page.
  rowTop() { return topOf(this.picture.closest('.stage-row')) + scrolledBy(this.section) }

  // Where a person has zoomed to, for a figure whose axes mean the same as before. Plotly's own `uirevision` gives a zoom
  // up where the figure itself begins at another range, as it does with one more loss.
  zoom(before) {
    const ranges = {}
    if (!before || before.layout.uirevision !== this.head.layout.uirevision) return ranges
    for (const [name, {range}] of Object.entries(before.layout)) {
      const now = range && this.plot.layout?.[name]?.range
      if (now && !sameJson(range, now)) ranges[`${name}.range`] = [...now]
    }
    return ranges
  }

  // All of it again, where a person has zoomed.
  resetZoom() {
    const ranges = Object.entries(this.head.layout).filter(([, part]) => part?.range).map(([name, {range}]) => [`${name}.range`, [...range]])
    this.Plotly.relayout(this.plot, {...Object.fromEntries(ranges), ...this.usualDrag()})
  }

  // What a drag does before somebody chooses in the mode bar: nothing on a panel, and it turns a surface.
  usualDrag() {
    const scenes = Object.keys(this.head.layout).filter(name => name.startsWith('scene'))
    return {dragmode: false, ...Object.fromEntries(scenes.map(name => [`${name}.dragmode`, 'turntable']))}
  }

  // The picture's width has changed, or what is above it: another window, a turned tablet, a table or a row of pickers that
  // wraps. (A phone's window gets higher and lower as one scrolls.)
  async fit() {
    if (!this.head || this.section.getAttribute('aria-busy') === 'true') return
    const isSame = this.narrow || window.innerHeight === this.windowHeight && Math.abs(this.rowTop() - this.begin) < MOVED
    if (!this.picture.clientWidth || this.picture.clientWidth === this.width && isSame) return
    this.painter.flush()
    await this.react(this.plot.data, this.head)
  }

  recolour() {
    const theme = themeOf(this.section.parentElement)  // the section itself is set to the theme it has
    if (!this.head || theme === this.theme) return
    this.painter.flush()
    this.theme = theme
    this.section.style.colorScheme = theme
    this.Plotly.relayout(this.plot, {template: this.head.templates[theme]})
  }

  close() {
    this.painter.close()
    this.sizes.disconnect()
    window.removeEventListener('resize', this.resized)
    if (this.Plotly) this.Plotly.purge(this.plot)
  }
}
