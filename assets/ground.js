// --- terrain ---------------------------------------------------------------------------------------------------------
// Part of the same module as stage.js. A contour map or a mesh is drawn anew from its new heights by Plotly's own code for
// that kind of trace alone: asking Plotly for the whole figure takes three to five times as long.

const GROUND = ['contour', 'mesh3d']
const NO_SURFACE = 'This browser draws no surfaces (it has no WebGL); the map shows the same ground.'

let webgl
function hasWebGL() {
  webgl ??= Boolean(document.createElement('canvas').getContext('webgl'))
  return webgl
}

// Stands for a surface where there is no WebGL: its place stays empty.
const ABSENT = {type: 'scatter', visible: false}

// Heights as Plotly wants them: rows of a grid for a map, one after the other for a mesh.
function shaped(numbers, tail) {
  if (tail.length < 2) return numbers
  const width = numbers.length / tail[0]
  return Array.from({length: tail[0]}, (_, j) => numbers.subarray(j * width, (j + 1) * width))
}

// A trace with its rows; a `level` is the one height at which a contour draws its line.
function withRows(trace, {level, ...rows}) {
  if (!level) return {...trace, ...rows}
  return {...trace, ...rows, contours: {...trace.contours, start: level[0], end: level[0]}}
}

// False where only Plotly itself can draw the trace anew. A map is drawn together with the others on its axes: `paintMaps`.
function paintGround(plot, trace, {level, ...rows}) {
  const full = plot._fullData[trace]
  if (full.type === 'mesh3d') {
    const drawn = plot._fullLayout[full.scene]?._scene?.traces?.[full.uid]
    if (!drawn) return false
    drawn.update(Object.assign(full, rows))
    return true
  }
  Object.assign(full, rows)
  if (level) full.contours.start = full.contours.end = level[0]
  if (rows.z) plot.calcdata[trace][0].z = rows.z
  return true
}

// Every subplot that one of these maps is on. Plotly removes from it what it is not given, so it gets all of its maps.
function paintMaps(plot, moved) {
  const traces = moved.filter(trace => plot._fullData[trace].visible === true)
  if (!traces.length) return
  const place = trace => trace.xaxis + trace.yaxis
  for (const name of new Set(traces.map(trace => place(plot._fullData[trace])))) {
    const part = plot._fullLayout._plots[name]
    const maps = plot.calcdata.filter(([{trace}]) => trace?.type === 'contour' && trace.visible === true && place(trace) === name)
    maps[0][0].trace._module.plot(plot, part, maps, part.plot.select('.contourlayer'))
  }
  plot._fullData[traces[0]]._module.style(plot)
}
