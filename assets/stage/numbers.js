// Numbers as text, and the frames of one slider: the frame nearest to a value, the frame that an input stands at, and
// what is written beside it.

// Four digits and a true minus sign, as a person writes numbers; number_text in core/sentences.py says the same.
export function numberText(number) {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? '–' : number > 0 ? '∞' : '−∞'
  const few = Number(number.toPrecision(4)), size = Math.abs(few)
  let text
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) text = number.toExponential(2).replace('e+', 'e')
  else if (size >= 1000) text = Number(number.toFixed(0)).toLocaleString('en-US')
  else text = String(few)
  return text.replaceAll('-', '−')
}

export function nearestFrame({values}, value) {
  let best = 0
  for (let i = 1; i < values.length; i++)
    if (Math.abs(values[i] - value) < Math.abs(values[best] - value)) best = i
  return best
}

// How far along a slider's track a value is, from 0 to 1; undefined beyond its ends. Between frames that are no even steps apart it
// is where its logarithm is.
export function partOfTrack({step, values}, value) {
  const last = values.length - 1
  if (!(value >= values[0] && value <= values[last])) return undefined
  if (step !== null) return (value - values[0]) / (values[last] - values[0])
  const after = Math.max(1, values.findIndex(one => one >= value)), scale = values[after - 1] > 0 ? Math.log : Number
  const [low, here, high] = [values[after - 1], value, values[after]].map(scale)
  return (after - 1 + (here - low) / (high - low)) / last
}

// A slider without a step has an input that counts its frames; the others' inputs hold the value itself.
export const inputValue = (slider, frame) => String(slider.step === null ? frame : slider.values[frame])
export const inputFrame = (slider, text) => slider.step === null ? Number(text) : nearestFrame(slider, Number(text))
export const frameText = (slider, frame) => slider.labels[frame] ?? numberText(slider.values[frame])

export const sameJson = (a, b) => JSON.stringify(a) === JSON.stringify(b)
