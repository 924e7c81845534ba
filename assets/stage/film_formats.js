// What writes a film's frames into a file, each loaded when somebody asks for it: WebM by mediabunny, which has the browser
// encode the video, and GIF by modern-gif in a worker of its own. Every frame says how long it is shown.

import {loadScript} from './library.js'

const CODECS = ['vp9', 'vp8', 'av1']
const GIF_UNIT = 10  // ms: in which a GIF counts

// `frames`: as many as it may have, so that the memory that making it takes is bounded: a WebM is written frame by frame, but
// of a GIF all pixels are kept until its colours are chosen. `width`: of a frame, in pixels. `reads`: it reads the pixels of each frame.
// `lacks()`: why this browser cannot make one.
export const FORMATS = {
  webm: {name: 'WebM (video)', frames: 200, width: 1100, open: openWebM, lacks: () => window.VideoEncoder ? '' : 'This browser cannot encode video here'},
  gif: {name: 'GIF (moving image)', frames: 120, width: 800, reads: true, open: openGif, lacks: () => ''},
}

// Each returns {add(seconds), end(), cancel()} for what is drawn on a canvas at the time; `end` gives the file.
async function openWebM(address, canvas) {
  const {BufferTarget, CanvasSource, Output, QUALITY_VERY_HIGH, WebMOutputFormat, getFirstEncodableVideoCodec} = await loadScript(address, 'Mediabunny')
  const {width, height} = canvas
  const codec = await getFirstEncodableVideoCodec(CODECS, {width, height, bitrate: QUALITY_VERY_HIGH})
  if (!codec) throw new Error('this browser has no encoder for WebM')
  const output = new Output({format: new WebMOutputFormat(), target: new BufferTarget()})
  const source = new CanvasSource(canvas, {codec, bitrate: QUALITY_VERY_HIGH, keyFrameInterval: 1})
  output.addVideoTrack(source)
  await output.start()
  let time = 0
  return {
    async add(seconds) {
      await source.add(time, seconds)
      time += seconds
    },
    async end() {
      await output.finalize()
      return new Blob([output.target.buffer], {type: 'video/webm'})
    },
    cancel: () => output.cancel(),
  }
}

async function openGif(address, canvas) {
  const worker = new Worker(address), {width, height} = canvas
  let owed = 0  // ms that rounding has left over
  const ask = (message, transferred = []) => new Promise((resolve, reject) => {
    worker.onmessage = ({data}) => resolve(data)
    worker.onerror = () => reject(new Error('the GIF could not be written'))
    worker.postMessage(message, transferred)
  })
  worker.postMessage({size: {width, height}})
  return {
    add(seconds) {
      const delay = GIF_UNIT * Math.round((1000 * seconds + owed) / GIF_UNIT)
      owed += 1000 * seconds - delay
      const {data} = canvas.getContext('2d').getImageData(0, 0, width, height)
      return ask({frame: {data, delay}}, [data.buffer])
    },
    async end() {
      const {file} = await ask({end: true})
      worker.terminate()
      return file
    },
    cancel: () => worker.terminate(),
  }
}
