// Who calls a stage: a Streamlit component (`show` and `close`), or a saved page (`open`).
// core/stage/modules.py joins this file and all that it imports into the one script that a browser gets.

import {dropWords, writeWords} from './address.js'
import {askForCode} from './cards.js'
import {presentAs} from './lecture.js'
import {loadPlotly} from './library.js'
import {Drafts} from './drafts.js'
import {closeMenuAfterTap} from './menu.js'
import {decode, fetchPayload, unpacked} from './payload.js'
import {draftAddress, framed, keepReleased, payloadAddress, takeValues, valuesFor, wordsOf} from './released.js'
import {Stage} from './stage.js'
import {closeTour, showTour} from './tour.js'

// --- as a Streamlit component ---

const BUSY = 'Many pictures are being drawn just now. This one is next in a moment'
const PAUSES = [2, 4, 8]  // seconds until a server that does not answer is asked again; the last one over and over

const views = new WeakMap()

export function show({parentElement, data}) {
  if (data.tour) { showTour(parentElement, data.tour); return }
  let view = views.get(parentElement)
  if (!view) {
    view = {stage: new Stage(parentElement, values => onRelease(view, values))}
    view.stage.chosen = () => write(view)
    view.stage.meanwhile = draftsFor(view)
    views.set(parentElement, view)
  }
  const {stage} = view
  view.data = data
  if (!stage.frames.head) stage.section.style.setProperty('--height', `min(${data.height}px, 60vh)`)
  presentAs(data)
  closeMenuAfterTap()
  stage.controls.hidden = data.hidden
  stage.chart.recolour()
  stage.save.build(data.saves, /\/view\/(\w+)/.exec(data.payload)?.[1], Object.keys(data.sliders).length ? data.film : undefined)
  stage.share.offer(stage.save.box, data)
  const arrived = takeValues(data)
  if (arrived && data.navigation) askForCode(data.code)
  if (arrived) stage.question.invite(dueOf(data))
  if (!follow(view) && arrived && stage.frames.head) {
    stage.adopt(valuesFor(data))
    write(view)
  }
}

// When the question of a picture is asked: as the address says, else on a first visit that asks for nothing of its own.
function dueOf({question, lecture, values}) {
  if (question) return question === '1' ? 'always' : ''
  const isEmbedded = document.querySelector('.stApp.streamlit-embedded')
  return lecture || isEmbedded || Object.keys(values).length ? '' : 'first'
}

// What a person has released is in the address at once, and the payload around it is asked for. Python does not hear of it.
function onRelease(view, values) {
  keepReleased(view.data.state, view.stage.frames.head, values)
  write(view)
  if (!follow(view) && view.stage.isDraft) load(view, view.address)  // back where it was
}

function write({stage, data}) {
  const values = wordsOf(data.sliders, framed(stage.frames.head, valuesFor(data))), code = stage.cards.word
  writeWords(stage, [...Object.keys(data.sliders), 'code'], code ? [...values, ['code', code]] : values)
  say({stage, data}, stage.frames.head)
}

function say({stage, data}, head) {
  stage.scenes.show(data.scenes, data.sliders, head?.task)
  stage.glossary.soon()
}

// Loads the payload that belongs to what is chosen and released; false if it is there or on its way already.
function follow(view) {
  const address = payloadAddress(view.data)
  if (address === view.address) return false
  load(view, address)
  return true
}

async function load(view, address) {
  const {stage, data} = view
  clearTimeout(view.again)
  view.address = address
  write(view)
  stage.section.setAttribute('aria-busy', 'true')
  stage.chart.picture.dataset.wait = data.wait || 'Drawing'
  const busy = () => {
    if (view.address === address) stage.problem.wait(BUSY)
    return view.address === address
  }
  try {
    const [Plotly, bytes] = await Promise.all([loadPlotly(data.plotly), fetchPayload(address, busy)])
    if (view.address !== address) return
    const head = decode(bytes)
    say(view, head)  // before the picture, whose height depends on what stands above it
    if (stage.scenes.scene && stage.question.due === 'first') stage.question.invite('')  // its story gives the answer away
    await stage.show(head, Plotly, valuesFor(view.data))
    view.shown = data.payload
    view.failures = 0
    write(view)
  } catch (error) {
    if (view.address === address) fail(view, error, address)
  }
}

// What asks for drafts of the picture at the values of a mark on its way.
function draftsFor(view) {
  return new Drafts({
    address: values => draftAddress(view.data, values),
    draw: (head, values) => view.stage.preview(head, values),
  })
}

// The picture stays in the hand where only its next sweep is missing.
function fail(view, error, address) {
  const again = () => load(view, address)
  view.stage.problem.fail(error, again, view.shown === view.data.payload)
  if (!error.lost) return
  view.failures = (view.failures ?? 0) + 1
  view.again = setTimeout(again, 1000 * (PAUSES[view.failures - 1] ?? PAUSES.at(-1)))
}

// Streamlit also calls this when new data overtake older ones, with the stage still in the page.
export function close(parentElement) {
  if (parentElement.isConnected) return
  closeTour(parentElement)
  const view = views.get(parentElement)
  if (!view) return
  clearTimeout(view.again)
  dropWords(view.stage)
  view.stage.close()
  views.delete(parentElement)
}

// --- as a saved page ---

// `packed`: the payload as text.
export async function open(root, packed, values) {
  const stage = new Stage(root)
  stage.save.build({})
  const head = decode(await unpacked(packed))
  stage.scenes.show([], {}, head.task)
  await stage.show(head, window.Plotly, values)
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => stage.chart.recolour())
}
