// What the figure takes from where it is shown: the page's theme, the pointer, the width, and whether there is WebGL.
// The theme arrives as CSS variables; a page without them is asked what it looks like.

import {element} from './elements.js'
import {inLecture} from './lecture.js'

const NARROW = 600  // pixels; as in stage.css
export const LECTURE_FONT = 18  // pixels
export const LECTURE_ROOM = 1.38  // times the gaps between panels: as the font is larger
const LECTURE_LINES = 1.6  // times the width of a line and the size of a mark
const touch = window.matchMedia('(pointer: coarse)')

// "50 %": a payload's formats have the sign of a currency, "$.0%", in whose place Plotly writes what it says here.
const LOCALES = {'en-US': {format: {currency: ['', ' %']}}}
export const IMAGE_CONFIG = {staticPlot: true, locales: LOCALES}  // Plotly's settings of a figure in an image

export const CONFIG = {locales: LOCALES, displayModeBar: touch.matches ? false : 'hover', showTips: false, displaylogo: false, showSendToCloud: false, responsive: true, doubleClick: 'reset', scrollZoom: true,
  plotGlPixelRatio: Math.min(2, window.devicePixelRatio),
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'toImage', 'resetCameraLastSave3d', 'orbitRotation', 'hoverClosest3d']}

export const isNarrow = section => section.clientWidth < NARROW

// A colour as a node's page has it: a CSS variable of its theme, or one of the browser's own.
export function colourOf(node, colour) {
  const probe = element('span', {style: `color: ${colour}`})
  node.append(probe)
  const found = getComputedStyle(probe).color
  probe.remove()
  return found
}

// "light" or "dark": how bright the background is where a node stands.
export function themeOf(node) {
  const [red, green, blue] = colourOf(node, 'var(--st-background-color, Canvas)').match(/[\d.]+/g).map(Number)
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? 'dark' : 'light'
}

let webgl
export function hasWebGL() {
  webgl ??= Boolean(document.createElement('canvas').getContext('webgl'))
  return webgl
}

// A payload's layout for a theme and a width.
export function layoutFor(head, theme, narrow) {
  const layout = {...structuredClone(head.layout), template: head.templates[theme]}
  if (narrow) {
    for (const [name, part] of Object.entries(head.narrow))
      layout[name] = part instanceof Object && !Array.isArray(part) ? {...layout[name], ...part} : part
  }
  if (inLecture()) layout.template = {...layout.template, layout: enlarged(layout.template.layout)}
  for (const [name, part] of Object.entries(layout))
    if (name.startsWith('scene')) part.dragmode = touch.matches ? false : 'turntable'  // a finger on the picture scrolls the page
  return layout
}

// A part of a template with every font as large.
function enlarged(part) {
  const own = ([name, value]) => [name, name.endsWith('font') ? {...value, size: LECTURE_FONT} : Object.getPrototypeOf(value) === Object.prototype ? enlarged(value) : value]
  return Object.fromEntries(Object.entries(part).map(own))
}

// A trace as it is to be seen from the last row.
export function largeTrace(trace) {
  const times = value => typeof value === 'number' ? value * LECTURE_LINES : value
  if (!inLecture() || trace.type !== 'scatter') return trace
  const line = trace.line && {...trace.line, width: times(trace.line.width)}, marker = trace.marker && {...trace.marker, size: times(trace.marker.size)}
  return {...trace, ...line && {line}, ...marker && {marker}}
}
