// --- pages ----------------------------------------------------------------------------------------------------------
// Part of the same module as stage.js. Who calls the stage: a Streamlit component, or a saved page.

const views = new WeakMap()

// --- as a Streamlit component ----------------------------------------------------------------------------------------

export function show({parentElement, data, setStateValue}) {
  let view = views.get(parentElement)
  if (!view) {
    view = {stage: new Stage(parentElement)}
    view.stage.live = true
    views.set(parentElement, view)
  }
  const {stage} = view
  view.data = data
  stage.section.style.setProperty('--height', `${data.height}px`)
  stage.picture.dataset.wait = data.wait || 'Drawing'
  stage.released = values => {
    view.left = {values, at: Math.max(Date.now(), (view.left?.at ?? 0) + 1)}  // `at` tells equal releases apart
    setStateValue('released', view.left)
  }
  stage.view = /\/view\/(\w+)/.exec(data.payload)?.[1]
  stage.recolour()
  stage.offer(data.saves)
  if (view.address !== data.payload) load(view, data)
  // What Python only repeats after a release is old news: the person may be dragging again already.
  else if (view.navigation !== data.navigation && stage.head) stage.adopt(data.values)
  view.navigation = data.navigation
}

async function load(view, data) {
  const {stage} = view
  view.address = data.payload
  stage.section.setAttribute('aria-busy', 'true')
  try {
    const [Plotly, bytes] = await Promise.all([plotly(data.plotly), payload(data.payload)])
    if (view.address === data.payload) await stage.stage(decode(bytes), Plotly, newest(view))
  } catch (error) {
    if (view.address === data.payload) stage.fail(error, () => load(view, data))
  }
}

// The values to stand at: what Python says, unless the person has released others of which it has not heard yet.
const newest = ({left, data}) => left?.at > data.acknowledged ? left.values : data.values

// Streamlit also calls this when new data overtake older ones, with the stage still in the page.
export function close(parentElement) {
  if (parentElement.isConnected) return
  views.get(parentElement)?.stage.close()
  views.delete(parentElement)
}

// --- as a saved page -------------------------------------------------------------------------------------------------

export async function open(root, bytes, values) {
  const stage = new Stage(root)
  stage.offer({})
  await stage.stage(decode(bytes), window.Plotly, values)
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => stage.recolour())
}
