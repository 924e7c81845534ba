// The bar of a lesson: the stop that the page is opened at, its question, and the ways to the stops around it. It stands
// beside the page's title; Python sends its words.

import {addressWithout, openAddress} from './address.js'
import {element, newId} from './elements.js'

const KEPT = ['lecture', 'embed']  // words of the address that stay from stop to stop
let completed  // the stop that was opened last
let bar  // {root, section, tour} of the lesson that is on

// Whether a lesson is on, and a key led to its stop before (-1) or after (1).
export function stepTour(by) {
  const address = bar?.tour[by < 0 ? 'back' : 'next']
  if (address) openAddress(withKept(address))
  return Boolean(bar)
}

export function showTour(root, tour) {
  const written = JSON.stringify(tour)
  if (bar?.root === root && bar.written === written) return  // an answer that is shown stays
  const focused = bar?.root === root && bar.section.contains(document.activeElement) && document.activeElement.dataset.way
  if (bar?.root !== root) {
    bar?.section.remove()
    bar = {root, section: element('section', {class: 'stage-tour'})}
    root.append(bar.section)
    document.documentElement.dataset.tour = ''
  }
  Object.assign(bar, {tour, written})
  bar.section.setAttribute('aria-label', `Lesson: ${tour.title}`)
  bar.section.replaceChildren(element('div', {class: 'stage-tour-place'}, placeLine(tour), stopLinks(tour)), stopText(tour))
  completeAddress(tour)
  if (focused) (bar.section.querySelector(`[data-way=${focused}]`) ?? bar.section.querySelector('a'))?.focus()
}

// A link that names the stop and nothing else leads to what the stop shows.
function completeAddress({title, number, here}) {
  const stop = `${title} ${number}`, isBare = [...new URLSearchParams(location.search).keys()].every(name => ['tour', 'stop', ...KEPT].includes(name))
  const isElsewhere = new URL(here, document.baseURI).pathname !== location.pathname
  if (completed !== stop && (isBare || isElsewhere)) openAddress(withKept(here))
  completed = stop
}

export function closeTour(root) {
  if (bar?.root !== root) return
  bar.section.remove()
  bar = undefined
  delete document.documentElement.dataset.tour
}

const placeLine = ({title, number, count}) => element('p', {}, element('b', {}, title), ` ${number} of ${count}`)

// The text of the stop and its question; the answer is shown when it is asked for.
function stopText({heading, text, question, answer}) {
  const shown = element('span', {id: newId('answer'), hidden: true}, answer)
  const toggle = element('button', {type: 'button', 'aria-expanded': 'false', 'aria-controls': shown.id}, 'Show answer')
  toggle.addEventListener('click', () => {
    shown.hidden = !shown.hidden
    toggle.textContent = shown.hidden ? 'Show answer' : 'Hide answer'
    toggle.setAttribute('aria-expanded', String(!shown.hidden))
  })
  return element('div', {class: 'stage-tour-words', 'aria-live': 'polite'},
    element('p', {}, element('b', {}, `${heading}. `), text),
    element('p', {class: 'stage-tour-question'}, `${question} `, toggle, ' ', shown))
}

function stopLinks({back, next, home}) {
  return element('nav', {class: 'stage-tour-ways', 'aria-label': 'Stops of the lesson'},
    ...back ? [stopLink('back', 'Back', withKept(back))] : [],
    stopLink('next', next ? 'Next' : 'All lessons', next ? withKept(next) : home),
    stopLink('leave', 'Leave', addressWithout('tour', 'stop')))
}

// A link that can be copied; a click on it opens the address in the page as it is.
function stopLink(name, label, address) {
  const link = element('a', {href: address, 'data-way': name}, label)
  link.addEventListener('click', event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    openAddress(name === 'leave' ? addressWithout('tour', 'stop') : address)  // sliders may have moved since
  })
  return link
}

function withKept(address) {
  const url = new URL(address, document.baseURI), here = new URLSearchParams(location.search)
  for (const name of KEPT) if (here.has(name)) url.searchParams.set(name, here.get(name))
  return url.href
}
