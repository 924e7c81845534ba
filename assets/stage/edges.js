// Arrows at the edge of a panel for marks that are beyond it: a mark never leaves the picture without a trace. Beside the
// arrow stands where the mark is, on the axis that it has left.

import {element} from './elements.js'
import {numberText} from './numbers.js'
import {axesOf, isVisible} from './plotly_adapter.js'
import {PLAIN_FONT} from './words.js'

const LINE = 15  // pixels: an arrow under another
const RIM = 4  // pixels around a letter, half of them under it
const EDGE_LETTER = 8  // pixels: a letter of an arrow's text takes at most about so much

export class Edges {
  constructor(plot) {
    this.plot = plot
    this.box = element('div', {class: 'stage-edges', 'aria-hidden': 'true'})
  }

  draw(head, rows) {
    this.box.replaceChildren(...this.arrows(head, rows).map(({side, left, top, atEnd, colour, text}) =>
      element('span', {class: `stage-edge-${side}${atEnd ? ' stage-edge-end' : ''}`, style: `left: ${left}px; top: ${top}px; color: ${colour}`}, text)))
  }

  // The arrows of all marks of a payload, whose rows stand by trace.
  arrows(head, rows) {
    const found = []
    for (const [trace, {type, mode, marker}] of head.data.entries()) {
      const {x, y} = rows[trace], colour = marker?.color
      if (type !== 'scatter' || mode !== 'markers' || x?.length !== 1 || y?.length !== 1 || !isVisible(this.plot, trace)) continue
      const arrow = arrowOf(axesOf(this.plot, trace), x[0], y[0])
      if (!arrow || found.some(({left, text, colour: other}) => left === arrow.left && other + text === colour + arrow.text)) continue
      while (found.some(other => overlap(other, arrow))) arrow.top += arrow.downwards ? LINE : -LINE
      found.push({...arrow, colour})
    }
    return found
  }
}

const overlap = (one, other) => {
  const [begin, end] = extent(one), [otherBegin, otherEnd] = extent(other)
  return begin < otherEnd && otherBegin < end && Math.abs(one.top - other.top) < LINE
}

// From where to where the text of an arrow goes, in pixels from the left: as in stage.css.
function extent({side, left, atEnd, text}) {
  const width = text.length * EDGE_LETTER
  const begin = side === 'left' ? left : side === 'right' ? left - width : atEnd ? left + LINE / 2 - width : left - LINE / 2
  return [begin, begin + width]
}

// The same on a canvas that the plot begins so far down; where it stands beside its place, and its rim: as in stage.css.
export function drawArrow(pen, {side, left, top, atEnd, colour, text}, down, background) {
  const half = LINE / 2, upright = ['top', 'bottom'].includes(side)
  Object.assign(pen, {font: `600 13px ${PLAIN_FONT}`, fillStyle: colour, textBaseline: {top: 'top', bottom: 'bottom'}[side] ?? 'middle'})
  Object.assign(pen, {strokeStyle: background, lineWidth: RIM, lineJoin: 'round', textAlign: side === 'right' || upright && atEnd ? 'right' : 'left'})
  const place = [left + (upright ? atEnd ? half : -half : 0), top + down]
  pen.strokeText(text, ...place)
  pen.fillText(text, ...place)
}

// The arrow of a mark at (x, y), in pixels of the plot; undefined where the mark is in its panel, or nowhere.
function arrowOf([xaxis, yaxis], x, y) {
  const across = placeOn(xaxis, x), down = placeOn(yaxis, y)
  if (Number.isNaN(across + down)) return undefined
  const beyond = (pixel, {length}) => Math.max(-pixel, pixel - length)
  const [byX, byY] = [beyond(across, xaxis), beyond(down, yaxis)]
  if (Math.max(byX, byY) <= 1) return undefined
  const left = xaxis.offset + Math.max(0, Math.min(xaxis.length, across)), top = yaxis.offset + Math.max(0, Math.min(yaxis.length, down))
  if (byY < byX) return across < 0
    ? {side: 'left', left, top, text: `◀ ${numberText(x)}`, downwards: true}
    : {side: 'right', left, top, text: `${numberText(x)} ▶`, downwards: true}
  const text = `${down < 0 ? '▲' : '▼'} ${numberText(y)}`
  const atEnd = left + text.length * EDGE_LETTER > xaxis.offset + xaxis.length  // it must not run into the next panel
  return down < 0 ? {side: 'top', left, top, atEnd, text, downwards: true} : {side: 'bottom', left, top, atEnd, text}
}

// A value's pixel; beyond every end for what is infinite, or has no place on a logarithmic axis.
function placeOn(axis, value) {
  if (Number.isNaN(value)) return value
  const pixel = axis.pixel(value)
  if (Number.isFinite(pixel)) return pixel
  return (value > 0) === (axis.value(0) < axis.value(axis.length)) ? 2 * axis.length : -axis.length
}
