// What a person can save: the picture as a PNG, and links to the files that the server makes, with the sliders' values of
// the moment.

import {element} from './elements.js'
import {frameText} from './numbers.js'
import {CONFIG} from './theme.js'

export class SaveTools {
  constructor(section, {chart, frames}) {
    Object.assign(this, {section, chart, frames})
    this.box = element('div', {class: 'stage-tools'})
  }

  // `links`: addresses by what is written on them. `view` is a part of the picture's name.
  build(links, view) {
    this.fileName = view ? `lossarium-${view}.png` : 'lossarium.png'
    const png = element('button', {type: 'button'}, 'PNG')
    png.addEventListener('click', () => this.savePicture())
    this.box.replaceChildren(element('span', {}, 'Save as'), png, ...Object.entries(links).map(([name, address]) => {
      const link = element('a', {href: address, download: ''}, name)
      link.addEventListener('click', () => { link.href = withValues(address, this.frames.values()) })
      return link
    }))
  }

  async savePicture() {
    this.chart.painter.flush()
    const {Plotly, plot, head} = this.chart
    const {figure, size} = this.figure(plot, head)
    const image = await Plotly.toImage(figure, {format: 'png', ...size})
    element('a', {href: image, download: this.fileName}).click()
  }

  // The saved picture carries its own legend and the page's background, which the live one leaves to the page.
  figure({data, layout}, {readings, sliders}) {
    const seen = new Set()
    const named = readings.map(reading => reading.colour + reading.dash)
    const traces = data.map(trace => {
      const look = trace.line?.color + trace.line?.dash
      const first = named.includes(look) && !seen.has(look)
      seen.add(look)
      return {...trace, showlegend: first}
    })
    const size = {width: 1100, height: layout.height + 70, scale: 2}
    const margin = {...layout.margin, t: layout.margin.t + 70}
    const title = {text: sliders.map(slider => `${slider.label} = ${frameText(slider, this.frames.at[slider.key])}`).join(' · '),
      x: 0, xanchor: 'left', xref: 'paper', y: 1, yref: 'container', yanchor: 'top', pad: {t: 12}, font: {size: 15}}
    const legend = {orientation: 'h', x: 0, y: 1 + 24 / (size.height - margin.t - margin.b), yref: 'paper', yanchor: 'bottom', xanchor: 'left', entrywidth: 190}
    const background = getComputedStyle(this.section).getPropertyValue('--st-background-color') || '#fff'
    return {size, figure: {data: traces, config: CONFIG, layout: {...layout, margin, title, showlegend: true, autosize: false, legend, paper_bgcolor: background}}}
  }
}

function withValues(address, values) {
  const url = new URL(address, document.baseURI)
  for (const [key, value] of Object.entries(values)) url.searchParams.set(key, String(value))
  return url.href
}
