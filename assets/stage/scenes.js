// What to do and what to look for, above the picture: of the scene that the page's address asks for, or of the picture itself.
// A scene is a preset, whose link stands at the top of the page. A switch leads to its counterpart, where it has one: its story
// is not true there, and the picture's own task stands in its place.

import {openAddress} from './address.js'
import {element} from './elements.js'

export const LINKS = '.st-key-header a[href*="?"]'  // of the page
const PRESENTATION = ['lecture', 'question', 'hide', 'code', 'tour', 'stop']  // words of an address that say how a page is presented: no part of a scene
const scenesOf = {}  // of each page, by its path
let opened  // the scene that was opened last, and at which side: it stays while its sliders are moved

export class Scenes {
  // `set(values)` moves sliders to values, as a hand that lets go of them there.
  constructor(set) {
    this.set = set
    this.box = element('p', {class: 'stage-task', hidden: true})
  }

  // `given`: the scenes of the page, each with its words of an address, where they come with this message; `sliders`: by key,
  // the name of the words that they set.
  show(given, sliders, task) {
    const scenes = scenesOf[location.pathname] = given ?? scenesOf[location.pathname] ?? [], keys = Object.keys(sliders)
    const picked = JSON.stringify(wordsWithout(keys, wordsIn(location.search)))
    const scene = this.scene = current(scenes, keys, given && given !== this.given || picked !== this.picked)
    Object.assign(this, {given, picked})
    this.sliders = sliders
    const links = [...document.querySelectorAll(LINKS)], at = links.findIndex(link => scene && sameWords(wordsIn(new URL(link.href).search), scene.words))
    for (const [i, link] of links.entries()) markCurrent(link, i === at)
    // In a lecture the links cannot be seen.
    const name = at >= 0 && 'lecture' in document.documentElement.dataset ? `${links[at].textContent} (${at + 1} of ${links.length}).` : ''
    this.write({...scene ?? {task}, name, usual: task})
    this.markVariants()
    this.tell(Boolean(scene && opened.isCounterpart))
  }

  // What stands there already is left alone, and the focus in it.
  write({name, shows, task, usual, variants = []}) {
    const written = JSON.stringify([name, shows, task, usual, variants])
    if (written === this.written) return
    this.written = written
    this.links = variants.map(variant => [this.link(variant), variant.words])
    const links = this.links.map(([link]) => link), own = [...shows ? [element('span', {class: 'stage-reveals'}, shows)] : [], ...taskParts(task)]
    const sides = [own, ...links.length ? [taskParts(usual)] : []].filter(side => side.length).map(side => element('span', {}, ...spaced(side)))
    const parts = [...name ? [element('b', {}, name)] : [], ...sides, ...links.length ? [element('span', {class: 'stage-switch', role: 'group', 'aria-label': 'Compare'}, ...links)] : []]
    this.box.hidden = !parts.length
    const words = parts.map(part => part.textContent).join(' ')
    if (words === this.words) return  // marks in it stay
    this.words = words
    this.sides = links.length && sides.length === 2 ? sides : undefined
    if (this.sides) this.sides[1].hidden = true
    this.box.style.minHeight = ''
    this.box.replaceChildren(...spaced(parts))
  }

  // The story of the scene, or at its counterpart the picture's own task, in as much room: nothing moves when a slider is let go.
  tell(isCounterpart) {
    const [own, usual] = this.sides ?? []
    if (!own || own.hidden === isCounterpart) return
    this.box.style.minHeight = isCounterpart ? `${this.box.getBoundingClientRect().height}px` : ''
    own.hidden = isCounterpart
    usual.hidden = !isCounterpart
  }

  link({name, verdict, words}) {
    const link = element('a', {}, element('b', {}, name), `: ${verdict}`)
    link.addEventListener('click', event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return  // to another window
      event.preventDefault()
      this.open(words)
    })
    return link
  }

  // Where only sliders differ, they are moved; else Python is asked.
  open(words) {
    const keys = Object.keys(this.sliders)
    if (sameWords(wordsWithout(keys, wordsIn(location.search)), wordsWithout(keys, words)))
      this.set(Object.fromEntries(keys.map(key => [key, key in words ? Number(words[key]) : this.sliders[key].start])))
    else openAddress(location.pathname + searchOf(words))
  }

  markVariants() {
    const here = wordsIn(location.search)
    for (const [link, words] of this.links) {
      link.href = searchOf(words)
      markCurrent(link, sameWords(here, words))  // what it says is so as long as nothing else has moved
    }
  }
}

// What to do and what to look for.
const taskParts = task => task ? [
  element('span', {}, element('b', {}, 'Do'), ` ${task.do}`),
  element('span', {class: 'stage-reveals'}, element('b', {}, 'Look for'), ` ${task.look_for}`),
] : []
const spaced = parts => parts.flatMap((part, i) => i ? [' ', part] : [part])

const allWords = search => [...new URLSearchParams(search)]
const wordsIn = search => wordsWithout(PRESENTATION, Object.fromEntries(allWords(search)))
const wordsWithout = (names, words) => Object.fromEntries(Object.entries(words).filter(([name]) => !names.includes(name)))
const sameWords = (one, other) => Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(([name, text]) => other[name] === text)
const searchOf = words => `?${new URLSearchParams([...Object.entries(words), ...allWords(location.search).filter(([name]) => PRESENTATION.includes(name))])}`

function markCurrent(link, isCurrent) {
  if (isCurrent) link.setAttribute('aria-current', 'true')
  else link.removeAttribute('aria-current')
}

// The scene at which the page was opened, or its counterpart, as long as nothing else is picked. `arrives`: somebody came to this
// address; a slider that passes where another scene begins does not open it.
function current(scenes, sliders, arrives) {
  const here = wordsIn(location.search), picked = words => wordsWithout(sliders, words)
  const sides = ({words, variants}) => [words, ...variants.map(variant => variant.words)]
  // A page without words shows no scene, though one may have a side like that.
  const found = Object.keys(here).length && scenes.find(scene => (arrives || sameWords(scene.words, opened?.scene.words ?? {})) && sides(scene).some(words => sameWords(here, words)))
  if (found) opened = {path: location.pathname, scene: found, isCounterpart: !sameWords(here, found.words)}
  const stays = opened?.path === location.pathname && scenes.some(({words}) => sameWords(words, opened.scene.words))
    && sides(opened.scene).some(words => sameWords(picked(here), picked(words)))
  if (!stays) opened = undefined
  return opened?.scene
}
