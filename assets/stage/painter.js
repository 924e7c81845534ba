// Puts rows that have moved straight into the chart's own paths: to ask Plotly for each frame costs 20 to 30 ms, most of it
// spent on the traces that did not move. Plotly gets the rows once the hand rests, or before anything needs it to have them.

import {Edges} from './edges.js'
import {nearbyLine, svgPath} from './lines.js'
import {axesOf, isVisible, paintMaps, paintMesh, paintNewScatter, scatterParts, setMap, withOtherPanels} from './plotly_adapter.js'

const MAPS = ['contour', 'heatmap'], SURFACES = [...MAPS, 'mesh3d']
const INSTANT = {mode: 'immediate', transition: {duration: 0}, frame: {duration: 0, redraw: false}}
const FARTHEST = 1e30  // pixels, or units of an axis: SVG holds no number beyond 3e38, and a point out there has left every picture
const REST = 200  // ms without a move until the hand counts as resting

export class Painter {
  constructor(plot, frames) {
    this.plot = plot
    this.frames = frames
    this.edges = new Edges(plot)
    this.pending = new Map()  // rows that are painted and that Plotly does not have yet, by trace
  }

  // The figure's traces with their rows, for Plotly to draw.
  begin(head, Plotly) {
    this.head = head
    this.Plotly = Plotly
    this.hasSurface = head.data.some(trace => SURFACES.includes(trace.type))
    this.pending.clear()
    this.rows = head.data.map(() => ({}))
    for (const track of head.tracks) this.rows[track.trace][track.attribute] = this.frames.traceRow(track)
    this.forget()
    return head.data.map((trace, i) => withRows(trace, this.forPlotly(i, this.rows[i])))
  }

  // Plotly may have made its elements anew.
  forget() { this.parts = [] }

  // Plotly has drawn all of it.
  drawn() {
    this.forget()
    this.edges.draw(this.head, this.rows)
  }

  // The rows of a draft; maps stay as they are.
  preview(head) {
    this.head = head
    this.draw(new Set(), true)
  }

  // Another place for a trace of one point.
  place(trace, x, y) {
    this.rows[trace] = {...this.rows[trace], x: [x], y: [y]}
    this.paint(trace)
    this.edges.draw(this.head, this.rows)
  }

  // Draws what these sliders move, or everything.
  draw(sliders, all = false) {
    const moved = new Set()
    for (const track of this.head.tracks) {
      const {trace, attribute, live} = track
      if (!(all || this.frames.follows(live, sliders)) || this.frames.waits(live)) continue
      if (!this.pending.has(trace)) this.pending.set(trace, {})
      this.pending.get(trace)[attribute] = this.rows[trace][attribute] = this.frames.traceRow(track)
      moved.add(trace)
    }
    const type = trace => this.head.data[trace].type
    const left = [...moved].filter(trace => !this.paint(trace))
    if (left.length && (!this.hasSurface || left.some(trace => MAPS.includes(type(trace))))) this.updatePlotly(left)
    else {
      paintMaps(this.plot, [...moved].filter(trace => MAPS.includes(type(trace))))
      for (const trace of left.filter(trace => type(trace) === 'scatter')) {
        paintNewScatter(this.plot, trace, this.rows[trace])
        delete this.parts[trace]
      }
    }
    this.edges.draw(this.head, this.rows)
    this.flushSoon()
  }

  // False where only Plotly itself can paint the trace. A map is only given its rows: its panel is painted with all its maps.
  paint(trace) {
    const {type} = this.head.data[trace]
    if (!isVisible(this.plot, trace)) return !(MAPS.includes(type) && hasHeights(this.rows[trace]))
    if (type === 'mesh3d') return paintMesh(this.plot, trace, this.rows[trace])
    if (type === 'scatter') return this.paintScatter(trace)
    if (!MAPS.includes(type)) return false
    setMap(this.plot, trace, this.rows[trace])
    return true
  }

  paintScatter(trace) {
    const {x, y} = this.rows[trace]
    const {line, fill, points, hasPoints, axes} = this.parts[trace] ??= {...scatterParts(this.plot, trace), axes: axesOf(this.plot, trace)}
    const path = line || fill ? svgPath(x, y, ...axes) : ''
    line?.setAttribute('d', path)
    fill?.setAttribute('d', closed(path))
    return hasPoints ? movePoints(points, x, y, axes) : Boolean(line || fill)
  }

  // Not while a control is held: a whole picture with a map or surface takes longer than a frame, and the hand may move on.
  flushSoon() {
    clearTimeout(this.rest)
    if (!(this.hasSurface && this.frames.held.length)) this.rest = setTimeout(() => this.flush(), REST)
  }

  flush() {
    clearTimeout(this.rest)
    if (this.pending.size) this.updatePlotly([...this.pending.keys()])
  }

  // Rows of a trace as Plotly can draw them: of a line, both its coordinates, cut off where it runs far beyond its panel.
  forPlotly(trace, rows) {
    const own = this.head.data[trace], {type, xaxis = 'x', yaxis = 'y'} = own
    const [across, up] = [xaxis, yaxis].map(name => this.head.layout[name.replace(/^([xy])/, '$1axis')]), {x, y} = this.rows[trace]
    const canBeCut = type === 'scatter' && own.mode === 'lines' && !own.fill && !own.customdata && !rows.customdata && x && y
    if (!canBeCut || !across?.range || !up?.range || [across.type, up.type].includes('log')) return rows
    return {...rows, ...nearbyLine(x, y, across.range, up.range)}
  }

  // Plotly's `animate` draws no map or surface, so a figure with one is drawn as a whole.
  updatePlotly(traces) {
    if (this.hasSurface) {
      for (const [trace, rows] of this.pending) Object.assign(this.plot.data[trace], withRows(this.plot.data[trace], this.forPlotly(trace, rows)))
      this.pending.clear()
      this.Plotly.redraw(this.plot)
      return
    }
    const shown = withOtherPanels(this.plot, traces)
    const frame = {data: shown.map(trace => this.pending.has(trace) ? this.forPlotly(trace, this.pending.get(trace)) : {}), traces: shown}
    for (const trace of traces) this.pending.delete(trace)
    this.Plotly.animate(this.plot, frame, INSTANT).then(() => this.forget(), () => {})  // unless a newer frame took this one's place
  }

  close() { clearTimeout(this.rest) }
}

// A trace with its rows as Plotly can draw them; a `level` is the one height at which a contour draws its line.
function withRows(trace, {level, ...rows}) {
  if (trace.type === 'scatter' && trace.mode && !trace.mode.includes('lines')) return {...trace, ...rows, ...rows.x && {x: nearby(rows.x)}, ...rows.y && {y: nearby(rows.y)}}
  if (!level) return {...trace, ...rows}
  return {...trace, ...rows, contours: {...trace.contours, start: level[0], end: level[0]}}
}

const nearby = row => Array.from(row, number => Math.abs(number) > FARTHEST ? null : number)

// As Plotly writes an area: each of its parts ends where it began.
const closed = path => `${path.replaceAll('M', 'ZM').slice(1)}Z`

// Plotly leaves a map out while none of its heights is a number.
const hasHeights = ({z}) => z?.some(row => row.some(Number.isFinite))

// False where there is no point yet that the others could be copied from.
function movePoints(points, x, y, [xaxis, yaxis]) {
  const places = []
  for (let i = 0; i < x.length; i++) {
    const across = xaxis.pixel(x[i]), down = yaxis.pixel(y[i])
    if (Math.hypot(across, down) < FARTHEST) places.push(`translate(${across},${down})`)  // 0 is nowhere on a log axis
  }
  if (places.length && !points.length) return false
  while (points.length < places.length) points.push(points[0].parentNode.appendChild(points[0].cloneNode(true)))
  points.forEach((point, i) => {
    point.style.display = i < places.length ? '' : 'none'
    if (i < places.length) point.setAttribute('transform', places[i])
  })
  return true
}
