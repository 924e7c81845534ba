// What a person can save: the picture as a PNG, and links to the files that the server makes, with the sliders' values of
// the moment.

import {element} from './elements.js'
import {Picture} from './picture.js'

const WIDTH = 1100, SHARP = 2  // pixels, and those of the image for each

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
    const {chart, frames} = this, picture = new Picture(chart, {width: WIDTH, scale: SHARP})
    chart.painter.flush()
    try {
      const canvas = await picture.draw({data: chart.plot.data, rows: chart.painter.rows, frames})
      download(await new Promise(done => canvas.toBlob(done, 'image/png')), this.fileName)
    } finally {
      picture.close()
    }
  }
}

export function download(blob, name) {
  const address = URL.createObjectURL(blob)
  element('a', {href: address, download: name}).click()
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

function withValues(address, values) {
  const url = new URL(address, document.baseURI)
  for (const [key, value] of Object.entries(values)) url.searchParams.set(key, String(value))
  return url.href
}
