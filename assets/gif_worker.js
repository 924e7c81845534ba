// In a worker, after modern-gif: takes a film's pixels frame by frame, and answers with the whole file. Its colours are
// chosen from all frames together, so that what stands still does not flicker.

let encoder

self.onmessage = async ({data: {size, frame, end}}) => {
  if (size) encoder = new self.modernGif.Encoder({...size, looped: true, loopCount: 0})
  if (frame) { await encoder.encode(frame); self.postMessage({taken: true}) }
  if (end) self.postMessage({file: await encoder.flush('blob')})
}
