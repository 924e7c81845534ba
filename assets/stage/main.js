// Who calls a stage: a Streamlit component (`show` and `close`), or a saved page (`open`).
// core/stage/modules.py joins this file and all that it imports into the one script that a browser gets.

import {loadPlotly} from './library.js'
import {decode, fetchPayload, unpacked} from './payload.js'
import {Stage} from './stage.js'

// --- as a Streamlit component ---

const views = new WeakMap()

export function show({parentElement, data, setStateValue}) {
  let view = views.get(parentElement)
  if (!view) {
    view = {stage: new Stage(parentElement, values => view.release(values))}
    views.set(parentElement, view)
  }
  const {stage} = view
  view.data = data
  view.release = values => {
    view.left = {values, at: Math.max(Date.now(), (view.left?.at ?? 0) + 1)}  // `at` tells equal releases apart
    setStateValue('released', view.left)
  }
  stage.section.style.setProperty('--height', `${data.height}px`)
  stage.chart.picture.dataset.wait = data.wait || 'Drawing'
  stage.chart.recolour()
  stage.save.build(data.saves, /\/view\/(\w+)/.exec(data.payload)?.[1])
  if (view.address !== data.payload) load(view, data)
  // What Python only repeats after a release is old news: the person may be dragging again already.
  else if (view.navigation !== data.navigation && stage.frames.head) stage.adopt(data.values)
  view.navigation = data.navigation
}

async function load(view, data) {
  const {stage} = view
  view.address = data.payload
  stage.section.setAttribute('aria-busy', 'true')
  try {
    const [Plotly, bytes] = await Promise.all([loadPlotly(data.plotly), fetchPayload(data.payload)])
    if (view.address === data.payload) await stage.show(decode(bytes), Plotly, newest(view))
  } catch (error) {
    if (view.address === data.payload) stage.fail(error, () => load(view, data))
  }
}

// The values to stand at: what Python says, unless the person has released others which it has not acknowledged.
const newest = ({left, data}) => left?.at > data.acknowledged ? left.values : data.values

// Streamlit also calls this when new data overtake older ones, with the stage still in the page.
export function close(parentElement) {
  if (parentElement.isConnected) return
  views.get(parentElement)?.stage.close()
  views.delete(parentElement)
}

// --- as a saved page ---

// `packed`: the payload as text.
export async function open(root, packed, values) {
  const stage = new Stage(root)
  stage.save.build({})
  await stage.show(decode(await unpacked(packed)), window.Plotly, values)
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => stage.chart.recolour())
}
