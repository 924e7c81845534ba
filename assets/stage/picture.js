// The picture as an image that stands alone: above the chart its title and where every slider stands, under it what the
// strokes and the symbols mean. A PNG is one such image, a film has one for each of its frames.

import {hasControl} from './controls.js'
import {Edges, drawArrow} from './edges.js'
import {element} from './elements.js'
import {atHeight, withEqualPanel} from './fit.js'
import {frameText} from './numbers.js'
import {colourOf, layoutFor, IMAGE_CONFIG} from './theme.js'
import {drawEntries, drawLines, flow, linesOf, PLAIN_FONT} from './words.js'

const PADDING = 20, GAP = 10  // pixels
const TITLE = `600 21px ${PLAIN_FONT}`, SETTINGS = `15px ${PLAIN_FONT}`, LEGEND = `14px ${PLAIN_FONT}`
const USUAL_WIDTH = 800  // pixels: the width for which a figure names its height
const TITLE_SIZE = 13, SMALL_TITLE = 11  // pixels: of a panel's title
const WIDER = 16  // pixels at the left: the plain font is wider than the page's
const SLOWER = 0.3  // of what a picture is wider than that, it is higher
const ABSENT_PART = {type: 'scatter', visible: false}, HIDDEN = {visible: false}

const isSolid = ({type}) => type.endsWith('3d')

// One size for all images of it. `width` is in pixels, `scale` the image's pixels for each of them.
export class Picture {
  // `moving`: the slider of a film, whose words must not make a frame higher than another.
  // `reads`: its pixels are read after each drawing.
  constructor(chart, {width, scale, moving, reads = false}) {
    Object.assign(this, {chart, width, scale, moving})
    this.background = colourOf(chart.section, 'var(--st-background-color, Canvas)')
    this.ink = colourOf(chart.section, 'var(--st-text-color, CanvasText)')
    this.pen = element('canvas').getContext('2d')
    this.layout = this.chartLayout()
    const names = Object.keys(this.layout), without = prefix => Object.fromEntries(Object.entries(this.layout).filter(([name]) => !prefix.test(name)))
    this.flat = without(/^scene/)
    this.scenes = names.some(name => name.startsWith('scene')) ? {...without(/^[xy]axis|^annotations|^shapes/), paper_bgcolor: 'transparent', plot_bgcolor: 'transparent', xaxis: HIDDEN, yaxis: HIDDEN} : undefined
    this.canvas = element('canvas')
    this.canvas.getContext('2d', {willReadFrequently: reads})
    this.room = width - 2 * PADDING
  }

  // The chart's own layout at this width, where a person has zoomed to and from where a surface is looked at.
  chartLayout() {
    const {chart, width} = this, {head} = chart
    const usual = layoutFor(head, chart.theme, false)
    if (usual.margin) usual.margin = {...usual.margin, l: usual.margin.l + WIDER}
    for (const [name, camera] of Object.entries(chart.cameras)) if (usual[name]) usual[name] = {...usual[name], camera}
    for (const [path, range] of Object.entries(chart.zoom({layout: head.layout}))) Object.assign(usual[path.split('.')[0]], {range, autorange: false})
    if (chart.lacksSurface) for (const name of Object.keys(usual)) if (name.startsWith('scene')) delete usual[name]
    const height = Math.round(usual.height * (1 + SLOWER * (width / USUAL_WIDTH - 1)))
    const fitted = usual.meta?.gaps ? withEqualPanel(atHeight(usual, height), width - usual.margin.l - usual.margin.r) : {...usual, height}
    // An image in SVG has no fonts of the page: the chart is measured with one that it does have.
    return {...fitted, width, annotations: wholeTitles(this.pen, {...fitted, width}), autosize: false, font: {family: PLAIN_FONT}, paper_bgcolor: this.background, showlegend: false, dragmode: false}
  }

  // What is written above the chart and under it, for frames of which the sliders stand where `frames` says.
  words(frames) {
    const {head} = frames, {pen, room} = this
    const settings = head.sliders.filter(hasControl).map(slider => {
      const words = frame => `${slider.label} = ${frameText(slider, frame)}`
      const longest = slider.key === this.moving?.key ? slider.values.map((_, frame) => words(frame)) : []
      return {text: words(frames.at[slider.key]), longest}
    })
    const seen = new Set()
    const strokes = head.readings.filter(({name, colour, dash}) => dash !== 'none' && !seen.has(name + colour + dash) && seen.add(name + colour + dash))
    const marks = head.legend.map(({symbol, text, colour}) => ({symbol, text, colour: colour || this.ink}))
    return {
      title: linesOf(pen, TITLE, head.name, room),
      settings: flow(pen, SETTINGS, settings, room),
      legend: flow(pen, LEGEND, [...strokes.map(({name, colour, dash}) => ({text: name, colour, dash})), ...marks], room),
    }
  }

  // Axes of the size that the chart has in the image, from which the arrows at its edges are found.
  async measure(data) {
    const {Plotly} = this.chart
    this.node = element('div', {style: 'position: fixed; left: -9999px; top: 0; visibility: hidden'})
    document.body.append(this.node)
    await Plotly.newPlot(this.node, data.map(trace => isSolid(trace) ? ABSENT_PART : trace), this.flat, IMAGE_CONFIG)
    this.edges = new Edges(this.node)
  }

  // A canvas with the traces `data`; `rows` are those of their attributes that move.
  // `keepsSurfaces`: they are as they were drawn last.
  async draw({data, rows, frames, keepsSurfaces = false}) {
    if (!this.node) await this.measure(data)
    const {width, layout, scale} = this, {title, settings, legend} = this.words(frames)
    const top = PADDING + title.height + GAP / 2 + settings.height + GAP, under = top + layout.height + (legend.height ? GAP : 0)
    const height = 2 * Math.ceil((under + legend.height + PADDING) / 2)  // a film has an even number of rows
    const {canvas} = this, images = await this.chartImages(data, keepsSurfaces)
    Object.assign(canvas, {width: width * scale, height: height * scale})
    const pen = canvas.getContext('2d')
    pen.scale(scale, scale)
    pen.fillStyle = this.background
    pen.fillRect(0, 0, width, height)
    for (const image of images) pen.drawImage(image, 0, top, width, layout.height)
    for (const arrow of this.edges.arrows(frames.head, rows)) drawArrow(pen, arrow, top, this.background)
    pen.fillStyle = this.ink
    drawLines(pen, TITLE, title, PADDING, PADDING)
    drawEntries(pen, SETTINGS, settings, PADDING, PADDING + title.height + GAP / 2, this.ink)
    drawEntries(pen, LEGEND, legend, PADDING, under, this.ink)
    return canvas
  }

  // Those of the panels and those of the scenes are two images: a film whose slider moves no surface draws the second once.
  async chartImages(data, keepsSurfaces) {
    const part = async (wanted, layout) => {
      const traces = data.map(trace => isSolid(trace) === wanted ? trace : ABSENT_PART), {width, height} = layout
      const address = await this.chart.Plotly.toImage({data: traces, layout, config: IMAGE_CONFIG}, {format: 'svg', width, height})
      const image = element('img', {src: address})
      await image.decode()
      return image
    }
    const {flat, scenes} = this
    if (scenes && !(keepsSurfaces && this.surfaces)) this.surfaces = await part(true, scenes)
    return [await part(false, flat), ...scenes ? [this.surfaces] : []]
  }

  close() {
    if (!this.node) return
    this.chart.Plotly.purge(this.node)
    this.node.remove()
  }
}

// The titles of the panels: smaller and in lines, all those of a row, where one would reach the next or the image's edge.
function wholeTitles(pen, {annotations = [], margin, width}) {
  const isTitle = ({xref, xanchor}) => xref === 'paper' && xanchor === 'left'
  const leftOf = ({x, xshift = 0}) => margin.l + x * (width - margin.l - margin.r) + xshift
  const rowOf = ({y}) => annotations.filter(other => isTitle(other) && Math.abs(other.y - y) < 0.01)
  const roomOf = title => Math.min(width - GAP / 2, ...rowOf(title).map(leftOf).filter(left => left > leftOf(title)).map(left => left - GAP)) - leftOf(title)
  const inLines = (title, size) => linesOf(pen, `${size}px ${PLAIN_FONT}`, title.text, roomOf(title)).lines
  return annotations.map(title => isTitle(title) && rowOf(title).some(one => inLines(one, TITLE_SIZE).length > 1)
    ? {...title, text: inLines(title, SMALL_TITLE).join('<br>'), align: 'left', font: {...title.font, size: SMALL_TITLE}} : title)
}
