// Words on a canvas: lines that are broken where the room ends, and entries one after the other in rows, each with the stroke
// or the symbol that it explains.

export const PLAIN_FONT = '"Helvetica Neue", Arial, sans-serif'  // of what every computer has

const LEADING = 1.4  // of the size of a font
const STROKE = 30, AFTER_MARK = 8, BETWEEN = 26  // pixels
const DASHES = {solid: [], dash: [8, 4], dot: [2, 4], dashdot: [8, 3, 2, 3]}

const heightOf = font => Math.round(LEADING * Number(/(\d+)px/.exec(font)[1]))

// The lines of a text, none wider than the room. A word that is wider itself is broken too.
function broken(pen, text, room) {
  const fits = part => pen.measureText(part).width <= room
  const lines = ['']
  for (const word of text.split(' ')) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word
    if (fits(longer)) { lines[lines.length - 1] = longer; continue }
    let rest = word
    if (lines.at(-1)) lines.push('')
    while (!fits(rest)) {
      let most = 1
      while (fits(rest.slice(0, most + 1))) most++
      lines[lines.length - 1] = rest.slice(0, most)
      lines.push('')
      rest = rest.slice(most)
    }
    lines[lines.length - 1] = rest
  }
  return lines
}

export function linesOf(pen, font, text, room) {
  pen.font = font
  const lines = broken(pen, text, room)
  return {lines, height: lines.length * heightOf(font)}
}

export function drawLines(pen, font, {lines}, left, top) {
  Object.assign(pen, {font, textAlign: 'left', textBaseline: 'middle'})
  lines.forEach((line, i) => pen.fillText(line, left, top + (i + 0.5) * heightOf(font)))
}

// Entries {text, colour, dash | symbol} in rows. An entry is broken only where it is longer than a row; one with other texts at
// other times (`longest`) takes the room of the longest.
export function flow(pen, font, entries, room) {
  pen.font = font
  let left = 0, row = 0
  const places = []
  for (const entry of entries) {
    const before = markWidth(pen, entry)
    const widthOf = text => pen.measureText(text).width
    const width = before + Math.max(...[entry.text, ...entry.longest ?? []].map(widthOf))
    if (left && left + width > room) { left = 0; row++ }
    const lines = broken(pen, entry.text, room - before)
    places.push({...entry, lines, left, row, before})
    row += lines.length - 1
    left = lines.length > 1 ? room : left + width + BETWEEN
  }
  return {places, height: places.length ? (row + 1) * heightOf(font) : 0}
}

function markWidth(pen, {dash, symbol}) {
  if (dash) return STROKE + AFTER_MARK
  return symbol ? pen.measureText(symbol).width + AFTER_MARK : 0
}

export function drawEntries(pen, font, {places}, left, top, ink) {
  for (const {lines, left: x, row, before, colour, dash, symbol} of places) {
    const start = left + x, middle = top + (row + 0.5) * heightOf(font)
    if (dash) drawStroke(pen, colour, dash, start, middle)
    Object.assign(pen, {font, textAlign: 'left', textBaseline: 'middle', fillStyle: colour ?? ink})
    if (symbol) pen.fillText(symbol, start, middle)
    pen.fillStyle = ink
    lines.forEach((line, i) => pen.fillText(line, start + before, middle + i * heightOf(font)))
  }
}

function drawStroke(pen, colour, dash, left, middle) {
  pen.save()
  Object.assign(pen, {strokeStyle: colour, lineWidth: 3})
  pen.setLineDash(DASHES[dash] ?? [])
  pen.beginPath()
  pen.moveTo(left, middle)
  pen.lineTo(left + STROKE, middle)
  pen.stroke()
  pen.restore()
}
