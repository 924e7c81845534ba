// --- terrain ---------------------------------------------------------------------------------------------------------
// Part of the same module as stage.js. A contour map or a mesh is drawn anew from its new heights by Plotly's own code for
// that kind of trace alone: asking Plotly for the whole figure takes three to five times as long. Cameras of surfaces.

const GROUND = ['contour', 'mesh3d']
const NO_SURFACE = 'This browser cannot draw surfaces (it has no WebGL); the map shows the same landscape.'

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

// --- cameras ---

const OFF_AXIS = 1e-5  // radians: too little to see

// Copies every scene's camera, after every frame that it draws, into `cameras` by the scene's name and into Plotly's layouts,
// from which Plotly sets it at the next redraw. Plotly itself copies it only when a mouse button is released over the scene:
// never when it is released outside, and too early when the wheel turns or the scene glides on after a fast movement.
// A new scene resets to the camera of `layout`, the payload's own.
function trackCameras(plot, cameras, layout) {
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
