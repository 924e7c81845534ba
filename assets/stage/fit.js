// The size of a picture and of its panels: it fits into the window with what belongs above it, and keeps its proportions in a
// wide one.

const USUAL = 800  // pixels: the width for which a figure names its height
const LEAST = 0.45  // of the height of the panels: lower, nobody could read them
const ROW_OF_NAMES = 13  // pixels between two names on an axis, at least
const STEP = 8  // pixels between two heights: a fraction of a pixel more above the picture makes no other picture
const LETTER = 0.5, LEAST_SIZE = 13  // a letter's width, as a share of its size; pixels: letters are no smaller
const WIDE = 3.2, HIGH = 1.8  // of the size of the letters: a power of ten with the room around it
const PHONE = 0.66  // of the window's height: there the sliders are under the picture

// The height for a figure that names `height`, where the picture is so wide and begins so far down the page, with gaps between its
// panels that are `room` times as large as usual.
export function fittedHeight(layout, {width, top, onPhone, room}) {
  const free = onPhone ? PHONE * window.innerHeight : window.innerHeight - top
  const more = (room - 1) * rigid(layout), wanted = more + (onPhone ? layout.height : layout.height * Math.max(1, width / USUAL))
  return Math.round(Math.max(Math.floor(Math.min(wanted, free) / STEP) * STEP, more + lowest(layout, room)))
}

const rigid = layout => layout.meta.gaps.reduce((sum, [from, to]) => sum + to - from, layout.margin.t + layout.margin.b)
// The panels are no lower than anybody could read them, or than the names on an axis have room.
const lowest = (layout, room) => {
  const panels = layout.height - rigid(layout), inside = layout.height - layout.margin.t - layout.margin.b
  const named = Object.entries(layout).filter(([name, part]) => name.startsWith('yaxis') && part.tickvals?.length > 1 && part.type !== 'log')
  const scales = named.map(([, part]) => {
    const {tickvals, domain} = part, gaps = tickvals.slice(1).map((value, i) => Math.abs(value - tickvals[i]))
    return room * ROW_OF_NAMES * Math.abs(span(part)) / Math.min(...gaps) / ((domain[1] - domain[0]) * inside)
  })
  return rigid(layout) + panels * Math.max(LEAST, ...scales)
}

// The layout at another height: its panels grow or shrink alike, the gaps between them and the margins stay, or get `room` times
// as large.
export function atHeight(layout, height, room = 1) {
  const {t, b, l, r} = layout.margin, before = layout.height - t - b, after = height - room * (t + b)
  const scale = (height - room * rigid(layout)) / (layout.height - rigid(layout))
  const moved = share => {  // of the height, from below
    const down = (1 - share) * before
    const gaps = layout.meta.gaps.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(down, to) - from), 0)
    return Math.max(0, Math.min(1, 1 - ((down - gaps) * scale + room * gaps) / after))
  }
  const found = {...layout, height, margin: {t: room * t, b: room * b, l: room * l, r}, annotations: layout.annotations.map(one => one.yref === 'paper' ? {...one, y: moved(one.y)} : one)}
  for (const [name, part] of Object.entries(layout)) {
    if (name.startsWith('yaxis')) found[name] = {...part, domain: part.domain.map(moved)}
    if (name.startsWith('scene')) found[name] = {...part, domain: {...part.domain, y: part.domain.y.map(moved)}}
  }
  return found
}

// The layout of a picture so wide for text of a size in pixels that is larger than usual: fewer numbers on a logarithmic axis where they would touch,
// and a title in smaller letters, or in two lines, where it would run into the next.
export function withLargeText(layout, wide, size) {
  const {t, b, l, r} = layout.margin, width = wide - l - r, height = layout.height - t - b, {annotations} = layout
  const fits = one => {
    const next = Math.min(1, ...annotations.filter(({x, xref}) => xref === 'paper' && x > one.x + 0.01).map(({x}) => x))
    const largest = (next - one.x) * width / (LETTER * one.text.length)
    if (largest < LEAST_SIZE) return {...one, text: inTwoLines(one.text), font: {size: LEAST_SIZE}}
    return {...one, font: {size: Math.min(size, Math.floor(largest))}}
  }
  const found = {...layout, annotations: annotations.map(one => one.xref === 'paper' ? fits(one) : one)}
  for (const [name, part] of Object.entries(layout)) {
    if (part?.type !== 'log' || !part.dtick) continue
    const isX = name.startsWith('xaxis'), pixels = (part.domain[1] - part.domain[0]) * (isX ? width : height)
    found[name] = {...part, dtick: Math.max(part.dtick, Math.ceil(Math.abs(span(part)) * (isX ? WIDE : HIGH) * size / pixels))}
  }
  return found
}

// The layout for a width of the plot area: the first panel of a row, where its axes are equal, takes no more of the width than
// it can fill, and what is beside it takes the rest.
export function withEqualPanel(layout, width) {
  const [, y] = Object.entries(layout).find(([name, part]) => name.startsWith('yaxis') && part.scaleanchor) ?? []
  const name = y?.scaleanchor.replace('x', 'xaxis'), x = layout[name]
  if (!x || x.domain[0] > 0 || x.domain[1] === 1 || Object.values(layout).some(({matches}) => matches === y.scaleanchor)) return layout
  const high = (y.domain[1] - y.domain[0]) * (layout.height - layout.margin.t - layout.margin.b)
  const [before, after] = [x.domain[1], Math.min(x.domain[1], high * Math.abs(span(x) / span(y)) / (y.scaleratio ?? 1) / width)]
  const moved = share => share <= before ? share : after + (share - before) * (1 - after) / (1 - before)
  const found = {...layout, annotations: layout.annotations.map(one => one.xref === 'paper' ? {...one, x: moved(one.x)} : one)}
  for (const [key, part] of Object.entries(layout)) {
    if (key.startsWith('xaxis')) found[key] = {...part, domain: key === name ? [0, after] : part.domain.map(moved)}
    if (key.startsWith('scene')) found[key] = {...part, domain: {...part.domain, x: part.domain.x.map(moved)}}
  }
  return found
}

// Words in two lines, parted at the space nearest to the middle.
function inTwoLines(text) {
  const spaces = [...text].map((letter, i) => letter === ' ' ? i : -1).filter(i => i >= 0)
  const middle = spaces.sort((one, other) => Math.abs(one - text.length / 2) - Math.abs(other - text.length / 2))[0]
  return middle === undefined ? text : `${text.slice(0, middle)}<br>${text.slice(middle + 1)}`
}

const span = ({range: [low, high]}) => high - low
