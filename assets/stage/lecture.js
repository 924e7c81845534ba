// A page in a lecture: one picture, large, with its sliders and its sentence, and nothing else of the site. The arrow keys step
// through the page's scenes, or through the stops of a lesson.

import {addressWithout} from './address.js'
import {LINKS} from './scenes.js'
import {stepTour} from './tour.js'

const pageElement = document.documentElement
let listening = false

export const inLecture = () => 'lecture' in pageElement.dataset

export function presentAs({lecture}) {
  if (lecture) pageElement.dataset.lecture = ''
  else delete pageElement.dataset.lecture
  if (listening) return
  listening = true
  document.addEventListener('keydown', toNextScene)
}

// To the scene or the stop before or after the one that is shown; Escape leaves the lecture.
function toNextScene(event) {
  if (!inLecture() || event.target.closest('input, select, textarea, [role=slider]')) return
  if (event.key === 'Escape') { location.href = addressWithout('lecture'); return }
  const by = {ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1}[event.key], links = [...document.querySelectorAll(LINKS)]
  if (!by || stepTour(by) || !links.length) return
  event.preventDefault()
  const at = links.findIndex(link => link.hasAttribute('aria-current'))
  links[at < 0 ? (by > 0 ? 0 : links.length - 1) : (at + by + links.length) % links.length].click()
}
