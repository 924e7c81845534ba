// What a person can save: the picture as a PNG, a film of it, and links to the files that the server makes, with the sliders' values of
// the moment.

import {element, pushButton} from './elements.js'
import {FilmDialog} from './film_dialog.js'
import {Picture} from './picture.js'

const WIDTH = 1100, SHARP = 2  // pixels, and those of the image for each

export class SaveTools {
  constructor({chart, frames, hidden, isReady}) {
    Object.assign(this, {chart, frames})
    this.box = element('div', {class: 'stage-tools'})
    this.dialog = new FilmDialog({chart, frames, hidden, isReady, save: (file, ending) => download(file, `${this.name}-${ending}`)})
  }

  // `links`: addresses by what is written on them. `view` is a part of the files' names. `film`: what writes films, if there
  // is anything to move.
  build(links, view, film) {
    this.name = view ? `lossarium-${view}` : 'lossarium'
    const png = pushButton('PNG', () => this.savePicture())
    this.box.replaceChildren(element('span', {}, 'Save as'), png, ...film ? [this.film(film)] : [], ...Object.entries(links).map(([name, address]) => {
      const link = element('a', {href: address, download: ''}, name)
      link.addEventListener('click', () => { link.href = withValues(address, this.frames.values()) })
      return link
    }))
  }

  film(scripts) {
    return pushButton('Film', () => this.dialog.open(scripts), {'aria-haspopup': 'dialog'})
  }

  async savePicture() {
    const {chart, frames} = this, picture = new Picture(chart, {width: WIDTH, scale: SHARP})
    chart.painter.flush()
    try {
      const canvas = await picture.draw({data: chart.plot.data, rows: chart.painter.rows, frames})
      download(await new Promise(done => canvas.toBlob(done, 'image/png')), `${this.name}.png`)
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
