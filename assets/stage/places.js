// Where a handle is, in pixels of its panel: how far from the pointer now, and where at each frame of a slider that moves it.
// A handle is a trace of the picture; see handles.js.

export const inPanel = (axis, pixel) => Math.max(0, Math.min(axis.length, pixel))

// To the nearest of a mark's points, or straight to a line. A mark beyond its panel is where the arrow to it stands.
export function distanceTo(chart, handle, [xaxis, yaxis], [across, up]) {
  const {x, y} = chart.painter.rows[handle.trace], isLine = chart.head.data[handle.trace].mode === 'lines'
  if (isLine) return {isLine, point: 0, away: Math.abs(handle.x ? xaxis.pixel(x[0]) - across : yaxis.pixel(y[0]) - up)}
  let point = 0, away = Infinity
  for (let i = 0; i < x.length; i++) {
    const pixels = Math.hypot(inPanel(xaxis, xaxis.pixel(x[i])) - across, inPanel(yaxis, yaxis.pixel(y[i])) - up)
    if (pixels < away) [point, away] = [i, pixels]
  }
  return {isLine, point, away}
}

// [across, down] of the point that is held, at each frame of a slider.
export function placesAlong(chart, frames, {handle, axes, point}, key) {
  const pixels = ['x', 'y'].map((attribute, i) => {
    const track = frames.head.tracks.find(one => one.trace === handle.trace && one.attribute === attribute)
    const now = chart.painter.rows[handle.trace][attribute]
    const rows = frames.rowsAlong(track.live, key) ?? frames.slider(key).values.map(() => now)
    return rows.map(row => axes[i].pixel(row[point]))
  })
  return frames.slider(key).values.map((_, frame) => [pixels[0][frame], pixels[1][frame]])
}

// In a triangle of three shares, the first at the top and the second on the right: [of the second in what the first leaves,
// of the first] at a place, and the place where they are.
function sharesAt([x, y]) {
  const first = Math.max(0, Math.min(1, y))
  return [first < 1 ? (x - first / 2) / (1 - first) : 0.5, first]
}

const placeOfShares = ([share, first]) => [share * (1 - first) + first / 2, first]

// The index of what has the least size; undefined where no size is a number.
export function nearest(places, size) {
  let best, least = Infinity
  for (const [i, place] of places.entries()) {
    const own = size(place)
    if (own < least) [best, least] = [i, own]
  }
  return best
}

// What belongs to a number, by pairs of which the first rise or fall; beyond their ends, that of the end.
function between(numbers, others, number) {
  const ahead = numbers.at(-1) < numbers[0] ? -1 : 1
  const next = numbers.findIndex(one => (one - number) * ahead >= 0)
  if (next < 1) return next < 0 ? others.at(-1) : others[0]
  const [from, to] = [numbers[next - 1], numbers[next]]
  return others[next - 1] + (others[next] - others[next - 1]) * (number - from) / (to - from)
}

const rounded = value => Number(value.toPrecision(4))

// The values of a handle's sliders where it is at this place, in pixels of its panel, and the place where it is drawn then.
// By slider, `numbers` are its values at its frames, and `stops` the places of the handle there.
export function betweenFrames({handle, axes, stops, numbers}, at) {
  const keys = [handle.x, handle.y]
  if (handle.shares) {
    const shares = sharesAt(axes.map((axis, i) => axis.value(at[i])))
      .map((share, i) => rounded(Math.max(numbers[keys[i]][0], Math.min(numbers[keys[i]].at(-1), share))))
    return {values: Object.fromEntries(keys.map((key, i) => [key, shares[i]])), place: placeOfShares(shares)}
  }
  // A mark that moves across alone stays as high as it is at the nearest frame.
  const values = {}, pixels = [...stops[handle.x][nearest(stops[handle.x], ([x]) => Math.abs(x - at[0]))]]
  for (const [i, key] of keys.entries()) {
    if (!key) continue
    const places = stops[key].map(place => place[i])
    values[key] = rounded(between(places, numbers[key], at[i]))
    pixels[i] = between(numbers[key], places, values[key])
  }
  return {values, place: axes.map((axis, i) => axis.value(pixels[i]))}
}
