// A film of the picture: a slider goes from its first frame to its last while the others stay where they are. It has its own
// painter and its own sliders, so the stage itself does not move.

import {Frames} from './frames.js'
import {FORMATS} from './film_formats.js'
import {Painter} from './painter.js'
import {Picture} from './picture.js'

const END = 1.5  // seconds for which the last frame is shown

export class Film {
  constructor(chart, frames, {key, format, address}) {
    Object.assign(this, {chart, format: FORMATS[format], address})
    this.frames = Object.assign(new Frames(true), {head: frames.head, at: {...frames.at}})
    this.slider = frames.slider(key)
    this.steps = thinned(this.slider.values.length, this.format.frames)
    this.picture = new Picture(chart, {width: this.format.width, scale: 1, moving: this.slider, reads: this.format.reads})
    this.painter = new Painter(chart.plot, this.frames)
    const {data, tracks} = frames.head
    this.movesSurfaces = tracks.some(({trace, live}) => data[trace].type.endsWith('3d') && frames.follows(live, new Set([key])))
  }

  // Of each frame that moves: a film that leaves some out lasts as long as one with all of them.
  get seconds() { return (this.slider.values.length - 1) / (this.steps.length - 1) / this.slider.fps }
  get length() { return this.seconds * (this.steps.length - 1) + END }

  // One of its frames, on the picture's canvas.
  async draw(step) {
    this.frames.put(this.slider.key, step)
    const data = this.chart.tracesOf(this.painter)
    await this.picture.draw({data, rows: this.painter.rows, frames: this.frames, keepsSurfaces: !this.movesSurfaces})
  }

  // The file; undefined once `isWanted()` is false. `progress(part)` hears how far it is, from 0 to 1.
  async make({progress, isWanted}) {
    let writer
    try {
      for (const [i, step] of this.steps.entries()) {
        await this.draw(step)
        if (!isWanted()) { writer?.cancel(); return undefined }
        writer ??= await this.format.open(this.address, this.picture.canvas)
        await writer.add(step === this.steps.at(-1) ? END : this.seconds)
        progress((i + 1) / this.steps.length)
        await new Promise(done => setTimeout(done))  // what else there is to do in the page
      }
      const file = await writer.end()
      return isWanted() ? file : undefined
    } catch (error) {
      writer?.cancel()
      throw error
    } finally {
      this.close()
    }
  }

  close() { this.picture.close() }
}

// So many of all frames that there are at most `most`, evenly spaced, the first and the last among them.
function thinned(all, most) {
  const count = Math.min(all, most)
  return Array.from({length: count}, (_, i) => count > 1 ? Math.round(i * (all - 1) / (count - 1)) : 0)
}
