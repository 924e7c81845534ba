// Lines as SVG wants them, cut off a little way outside the picture: a browser takes seconds for a dashed line that runs to
// where a diverging path goes.

const BEYOND = 50  // pixels

// An SVG path through the points, in the pixels of two axes, with a gap at each that is no number.
export function svgPath(x, y, xaxis, yaxis) {
  let text = ''
  eachPart(x, y, value => xaxis.pixel(value), value => yaxis.pixel(value), [-BEYOND, -BEYOND, xaxis.length + BEYOND, yaxis.length + BEYOND], 2 * FAR + 1, (begins, x1, y1, x2, y2) => {
    if (begins) text += `M${hundredths(x1)},${hundredths(y1)}`
    text += `L${hundredths(x2)},${hundredths(y2)}`
  })
  return text || 'M0,0'
}

// Pictures on either side: of a line that runs further than 20 beyond its picture, Plotly draws another line. And what is only
// drawn comes with three digits (core/stage/encode.py): further away, they may decide where a line crosses the picture.
const FAR = 10

// The same line for Plotly, cut off far outside its panel, whose axes have these ranges; itself where it runs nowhere so far.
export function nearbyLine(x, y, xrange, yrange) {
  const [left, right] = widened(xrange), [bottom, top] = widened(yrange), isFar = (value, low, high) => value < low || value > high
  if (!x.some((value, i) => isFar(value, left, right) || isFar(y[i], bottom, top))) return {x, y}
  const found = {x: [], y: []}
  eachPart(x, y, value => value, value => value, [left, bottom, right, top], 1, (begins, x1, y1, x2, y2) => {
    if (begins) { found.x.push(null, x1); found.y.push(null, y1) }
    found.x.push(x2)
    found.y.push(y2)
  })
  return found
}

const widened = ([low, high]) => [Math.min(low, high) - FAR * Math.abs(high - low), Math.max(low, high) + FAR * Math.abs(high - low)]

// Gives `draw` each part of a line that is inside a box, from end to end, and whether it begins anew there; `sure` as below.
function eachPart(x, y, acrossOf, downOf, box, sure, draw) {
  let across, down, drawn = false
  for (let i = 0; i < x.length; i++) {
    const [x0, y0] = [across, down]
    across = acrossOf(x[i])
    down = downOf(y[i])
    const part = Number.isFinite(x0 + y0 + across + down) ? clipped(x0, y0, across, down, box, sure) : undefined
    if (part) {
      const [x1, y1, x2, y2] = part
      draw(!drawn || x1 !== x0 || y1 !== y0, x1, y1, x2, y2)
      drawn = x2 === across && y2 === down
    } else drawn = false
  }
}

const hundredths = pixels => Math.round(pixels * 100) / 100

// The part of a line that is inside a box (Liang and Barsky 1984); undefined where there is none, or where rounding may shift
// both of its ends sideways by more than it shifts a place so many times further from the middle of the box than its edges.
function clipped(x1, y1, x2, y2, [left, top, right, bottom], sure) {
  if (x1 >= left && x1 <= right && y1 >= top && y1 <= bottom && x2 >= left && x2 <= right && y2 >= top && y2 <= bottom) return [x1, y1, x2, y2]
  const [dx, dy] = [x2 - x1, y2 - y1], [wide, high] = [right - left, bottom - top], length = Math.hypot(dx / wide, dy / high)
  // A place is rounded in proportion to its numbers: far up a steep line, that shifts it along the line.
  const sideways = (x, y) => Math.abs(2 * x - left - right) / wide * Math.abs(dy / high / length) + Math.abs(2 * y - top - bottom) / high * Math.abs(dx / wide / length)
  if (Math.min(sideways(x1, y1), sideways(x2, y2)) > sure) return undefined
  let from = 0, to = 1
  for (const [step, room] of [[-dx, x1 - left], [dx, right - x1], [-dy, y1 - top], [dy, bottom - y1]]) {
    if (step === 0 && room < 0) return undefined
    if (step < 0) from = Math.max(from, room / step)
    else if (step > 0) to = Math.min(to, room / step)
  }
  if (from > to) return undefined
  return [from ? x1 + from * dx : x1, from ? y1 + from * dy : y1, to < 1 ? x1 + to * dx : x2, to < 1 ? y1 + to * dy : y2]
}
