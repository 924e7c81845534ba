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

function paintGround(plot, trace, rows) {
  const full = plot._fullData[trace]
  if (full.type === 'mesh3d') {
    const drawn = plot._fullLayout[full.scene]?._scene?.traces?.[full.uid]
    if (!drawn) return false
    drawn.update(Object.assign(full, rows))
    return true
  }
  const part = plot._fullLayout._plots[full.xaxis + full.yaxis]
  const calculated = plot.calcdata[trace]
  Object.assign(full, rows)
  calculated[0].z = rows.z
  full._module.plot(plot, part, [calculated], part.plot.select('.contourlayer'))
  full._module.style(plot)
  return true
}
