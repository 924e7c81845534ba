// Lines as SVG wants them, cut off a little way outside the picture: a browser takes seconds for a dashed line that runs to
// where a diverging path goes.

const BEYOND = 50  // pixels

// An SVG path through the points, in the pixels of two axes, with a gap at each that is no number.
export function svgPath(x, y, xaxis, yaxis) {
  const box = [-BEYOND, -BEYOND, xaxis.length + BEYOND, yaxis.length + BEYOND]
  let text = '', across, down, drawn = false
  for (let i = 0; i < x.length; i++) {
    const before = [across, down]
    across = xaxis.pixel(x[i])
    down = yaxis.pixel(y[i])
    const part = Number.isFinite(before[0] + before[1] + across + down) ? clipped(...before, across, down, box) : undefined
    if (part) {
      const [x1, y1, x2, y2] = part
      if (!drawn || x1 !== before[0] || y1 !== before[1]) text += `M${hundredths(x1)},${hundredths(y1)}`
      text += `L${hundredths(x2)},${hundredths(y2)}`
      drawn = x2 === across && y2 === down
    } else drawn = false
  }
  return text || 'M0,0'
}

const hundredths = pixels => Math.round(pixels * 100) / 100

// The part of a line that is inside a box, or undefined (Liang and Barsky 1984).
function clipped(x1, y1, x2, y2, [left, top, right, bottom]) {
  if (x1 >= left && x1 <= right && y1 >= top && y1 <= bottom && x2 >= left && x2 <= right && y2 >= top && y2 <= bottom) return [x1, y1, x2, y2]
  const [dx, dy] = [x2 - x1, y2 - y1]
  let from = 0, to = 1
  for (const [step, room] of [[-dx, x1 - left], [dx, right - x1], [-dy, y1 - top], [dy, bottom - y1]]) {
    if (step === 0 && room < 0) return undefined
    if (step < 0) from = Math.max(from, room / step)
    else if (step > 0) to = Math.min(to, room / step)
  }
  if (from > to) return undefined
  return [from ? x1 + from * dx : x1, from ? y1 + from * dy : y1, to < 1 ? x1 + to * dx : x2, to < 1 ? y1 + to * dy : y2]
}
