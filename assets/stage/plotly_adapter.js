// Everything that reaches past Plotly's documented interface, so that a new release is checked in one place: what it has
// computed and drawn of each trace, its painters of single traces, and the cameras of its scenes.
//
// tests/browser/test_plotly_adapter.py compares every function here with what Plotly itself draws.

export const CHECKED_WITH = '4.1.1'  // plotly.js

export const isDrawn = plot => Boolean(plot._fullLayout)
export const isVisible = (plot, trace) => plot._fullData[trace].visible === true
export const isOnModebar = node => Boolean(node.closest('.modebar'))

// A trace's two axes on the screen. Offsets are from the left and the top of the plot; 0 is no pixel on a log axis.
export function axesOf(plot, trace) {
  const {xaxis, yaxis} = plot._fullData[trace]
  return [xaxis, yaxis].map(name => {
    const axis = plot._fullLayout[name.replace(/^([xy])/, '$1axis')]
    return {
      pixel: value => axis.c2p(value), value: pixel => axis.p2c(pixel),
      get length() { return axis._length }, get offset() { return axis._offset },
    }
  })
}

// --- lines and points ---

// The elements of a scatter trace that its rows go into: a path for its line and one for its fill, if it has them, and its
// points. Where there is a gap Plotly begins another path of the line; here one holds all parts, and no other may stay behind.
export function scatterParts(plot, trace) {
  const full = plot._fullData[trace]
  const group = plot.querySelector(`.trace${full.uid}`)
  const [line, ...parts] = full.mode.includes('lines') ? group?.querySelectorAll('.js-line') ?? [] : []
  for (const part of parts) part.remove()
  return {
    line,
    fill: full.fill === 'toself' ? group?.querySelector('.js-fill') : undefined,
    points: [...group?.querySelectorAll('.point') ?? []],
    hasPoints: full.mode.includes('markers'),
  }
}

// Draws a scatter trace of which there was nothing to draw till now, as Plotly's `animate` does, and no other.
export function paintNewScatter(plot, trace, rows) {
  const full = Object.assign(plot._fullData[trace], rows)
  const points = full._module.calc(plot, full)
  Object.assign(points[0], {trace: full, t: plot.calcdata[trace][0].t})
  plot.calcdata[trace] = points
  const panel = plot._fullLayout._plots[full.xaxis + full.yaxis]
  full._module.plot(plot, panel, [points], panel.plot.select('.scatterlayer'), {duration: 0})
}

// These traces, and one of each other panel: from a panel of which `animate` gets no trace it takes all that is drawn there.
export function withOtherPanels(plot, traces) {
  const panelOf = trace => plot._fullData[trace].xaxis + plot._fullData[trace].yaxis
  const first = new Map()
  for (const [trace, {xaxis}] of plot._fullData.entries())
    if (xaxis && isVisible(plot, trace) && !first.has(panelOf(trace))) first.set(panelOf(trace), trace)
  for (const trace of traces) first.delete(panelOf(trace))
  return [...traces, ...first.values()]
}

// --- maps and meshes ---
// Each is drawn anew from its heights by Plotly's own code for that kind of trace: the whole figure takes three to five
// times as long.

// False where only Plotly itself can draw the mesh.
export function paintMesh(plot, trace, rows) {
  const full = plot._fullData[trace]
  const drawn = plot._fullLayout[full.scene]?._scene?.traces?.[full.uid]
  if (!drawn) return false
  drawn.update(Object.assign(full, rows))
  return true
}

const MAP_LAYERS = {contour: '.contourlayer', heatmap: '.heatmaplayer'}  // of a panel, by kind of map

// Gives a map other rows, and with `level` the one height at which it draws its line. `paintMaps` draws it.
export function setMap(plot, trace, {level, ...rows}) {
  const full = Object.assign(plot._fullData[trace], rows)
  if (level) full.contours.start = full.contours.end = level[0]
  if (!rows.z) return
  const gaps = full._emptypoints ?? [], drawn = plot.calcdata[trace][0]
  if (!gaps.length) drawn.z = rows.z
  else drawn.z = hasGaps(rows.z, gaps) ? withoutGaps(rows.z, gaps) : full._module.calc(plot, full)[0].z
}

// Whether heights are missing at these places, [row, column], and nowhere else.
function hasGaps(z, gaps) {
  const missing = z.reduce((sum, row) => sum + row.reduce((count, height) => count + !Number.isFinite(height), 0), 0)
  return missing === gaps.length && gaps.every(([row, column]) => !Number.isFinite(z[row][column]))
}

// Heights in the gaps too: lines go straight on there, and Plotly cuts them off. It makes them up more smoothly, and takes ten
// times as long. Those beside a known height come first among `gaps`.
function withoutGaps(z, gaps) {
  const filled = Array.from(z, row => Array.from(row))
  for (const [row, column] of gaps) {
    const found = []
    for (const [down, right] of [[0, 1], [0, -1], [1, 0], [-1, 0]]) {
      const [next, further] = [1, 2].map(steps => filled[row + steps * down]?.[column + steps * right])
      if (Number.isFinite(next)) found.push(Number.isFinite(further) ? 2 * next - further : next)
    }
    filled[row][column] = found.length ? found.reduce((sum, height) => sum + height) / found.length : 0
  }
  return filled
}

// Draws the maps of every panel that one of these is on. Plotly removes from it what it is not given, so it gets all of its maps
// of that kind.
export function paintMaps(plot, traces) {
  const shown = traces.filter(trace => isVisible(plot, trace))
  if (!shown.length) return
  const place = ({xaxis, yaxis, type}) => `${xaxis}${yaxis} ${type}`
  const painters = new Set()
  for (const own of new Set(shown.map(trace => place(plot._fullData[trace])))) {
    const maps = plot.calcdata.filter(([{trace}]) => trace?.visible === true && place(trace) === own)
    const [name, kind] = own.split(' '), panel = plot._fullLayout._plots[name], painter = maps[0][0].trace._module
    painter.plot(plot, panel, maps, panel.plot.select(MAP_LAYERS[kind]))
    painters.add(painter)
  }
  for (const painter of painters) painter.style(plot)  // of every panel
}

// --- cameras ---

const OFF_AXIS = 1e-5  // radians: too little to see

// Copies every scene's camera, after every frame that it draws, into `cameras` by the scene's name and into Plotly's layouts,
// from which Plotly sets it at the next redraw. Plotly itself copies it only when a mouse button is released over the scene:
// never when it is released outside, and too early when the wheel turns or the scene glides on after a fast movement.
// A new scene resets to the camera of `layout`, the payload's own.
export function trackCameras(plot, cameras, layout) {
  for (const name of plot._fullLayout._subplots.gl3d ?? []) {
    const scene = plot._fullLayout[name]._scene
    if (Object.hasOwn(scene, 'render')) continue  // tracked already
    Object.assign(scene.viewInitial, layout[name].camera)
    const copy = () => {
      const removed = !scene.glplot || !plot.layout?.[name]
      if (!removed) cameras[name] = plot.layout[name].camera = plot._fullLayout[name].camera = cameraOf(scene)
    }
    scene.render = () => {
      Object.getPrototypeOf(scene).render.call(scene)
      queueMicrotask(copy)  // `render` comes before the surface is drawn, and `getCamera` changes the matrix it is drawn with
    }
  }
}

// A scene's camera for a layout: eye, centre and up. From straight above or below the three do not define which side of the
// surface is at the bottom, and Plotly would rotate it at the next redraw: the eye is moved off the vertical axis to that side.
function cameraOf(scene) {
  const camera = scene.getCamera(), {eye, center, up} = camera
  const view = scene.camera.view.computedMatrix  // column by column; its rows: to the right, to the top, towards the eye
  const [top, back] = [1, 2].map(row => [view[row], view[4 + row], view[8 + row]])
  const cosine = (back[0] * up.x + back[1] * up.y + back[2] * up.z) / Math.hypot(up.x, up.y, up.z)
  if (1 - Math.abs(cosine) > OFF_AXIS ** 2 / 4) return camera
  const shift = -Math.sign(cosine) * OFF_AXIS * Math.hypot(eye.x - center.x, eye.y - center.y, eye.z - center.z)
  return {...camera, eye: {x: eye.x + shift * top[0], y: eye.y + shift * top[1], z: eye.z + shift * top[2]}}
}
