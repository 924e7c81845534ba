// What to do and what to look for, above the picture: of the scene that the page's address asks for, or of the picture itself.
// A scene is a preset, whose link stands at the top of the page.

import {element} from './elements.js'

export const LINKS = '.st-key-header a[href*="?"]'  // of the page
const scenesOf = {}  // of each page, by its path
let opened  // the scene that was opened last: it stays while its sliders are moved

export class Scenes {
  constructor() { this.box = element('p', {class: 'stage-task', hidden: true}) }

  // `given`: the scenes of the page, each with its words of an address, where they come with this message; `sliders`: the names
  // of the words that sliders set.
  show(given, sliders, task) {
    const scenes = scenesOf[location.pathname] = given ?? scenesOf[location.pathname] ?? []
    const scene = current(scenes, sliders)
    for (const link of document.querySelectorAll(LINKS))
      if (scene && sameWords(wordsIn(new URL(link.href).search), scene.words)) link.setAttribute('aria-current', 'true')
      else link.removeAttribute('aria-current')
    const {do: what, look_for: lookFor} = scene?.task ?? (scene ? {} : task) ?? {}
    const parts = [...scene ? [scene.shows] : [], ...what ? [element('b', {}, 'Do'), ` ${what} `] : [], ...lookFor ? [element('b', {}, 'Look for'), ` ${lookFor}`] : []]
    this.box.hidden = !parts.length
    this.box.replaceChildren(...parts.flatMap((part, i) => i ? [' ', part] : [part]))
  }
}

// How a page is presented is no part of a scene.
const PRESENTATION = ['lecture', 'hide', 'code', 'tour', 'stop', 'question']
const wordsIn = search => Object.fromEntries([...new URLSearchParams(search)].filter(([name]) => !PRESENTATION.includes(name)))
const sameWords = (one, other) => Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(([name, text]) => other[name] === text)

// The scene at which the page was opened, as long as nothing else is picked.
function current(scenes, sliders) {
  const here = wordsIn(location.search)
  const picked = words => Object.fromEntries(Object.entries(words).filter(([name]) => !sliders.includes(name)))
  const found = scenes.find(({words}) => sameWords(here, words))
  if (found) opened = {path: location.pathname, scene: found}
  const stays = opened?.path === location.pathname && scenes.some(({words}) => sameWords(words, opened.scene.words)) && sameWords(picked(here), picked(opened.scene.words))
  if (!stays) opened = undefined
  return opened?.scene
}
