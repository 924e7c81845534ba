// The cards under a picture: words and formulas whose numbers follow the sliders, code to copy, links that take the
// sliders' values along, a button that sets them. Their HTML was made from our own records when the payload was made.

import {addressText} from './address.js'
import {copyButton} from './copy.js'
import {element, pushButton} from './elements.js'

const NO_CODE = 'None'
let askedFor = NO_CODE  // the library of which code is shown, under every picture of the page

// The library that an address asks code for; '' for none.
export function askForCode(name) { askedFor = name || NO_CODE }

export class Cards {
  // `set(values)` moves sliders to values, as a hand that lets go of them there. `choose()` hears that other code is asked for.
  constructor(texts, frames, {set, choose}) {
    Object.assign(this, {texts, frames, set, choose})
    this.box = element('div', {class: 'stage-cards'})
    this.programs = []
  }

  build({cards}, served) {
    this.links = []
    this.programs = []
    this.select = undefined
    this.opened = new Set([...this.box.querySelectorAll('details[open] > summary')].map(summary => summary.textContent))
    const shown = cards.map(card => this.card(card, served))
    const offered = [...new Set(cards.flatMap(({code}) => Object.keys(code)))]
    this.box.hidden = !cards.length
    this.box.replaceChildren(...offered.length ? [this.picker(offered)] : [], ...shown)
    this.showCode()
  }

  card({text, code, links, action, wide, folded}, served) {
    const card = element(folded ? 'details' : 'article', {class: wide ? 'stage-card stage-wide' : 'stage-card'}, ...folded ? [element('summary', {}, folded)] : [])
    if (folded) card.open = this.opened.has(folded)
    // A saved page has no other pages, and no second sweep for what a button would move.
    if (served) card.append(...action ? [this.button(action)] : [], ...links.map(link => this.link(link)))
    card.append(this.texts.richPart(text), ...Object.entries(code).map(([name, program]) => this.program(name, program)))
    return card
  }

  picker(offered) {
    const select = this.select = element('select', {}, ...[NO_CODE, ...offered].map(name => element('option', {value: name}, name)))
    select.addEventListener('change', () => {
      askedFor = select.value
      this.showCode()
      this.choose()
    })
    return element('label', {class: 'stage-library'}, 'Code to copy, for ', select)
  }

  // The library of which code is shown, as a word of the address: '' for none, which is left out.
  get word() { return this.select && askedFor !== NO_CODE ? askedFor.toLowerCase() : '' }

  program(name, {template, slots, note}) {
    const code = this.texts.part('code', {template, slots})
    const about = element('div', {})
    about.innerHTML = note
    const box = element('div', {class: 'stage-code'}, element('pre', {tabindex: '0'}, code), copyButton(code), about)
    this.programs.push([name, box])
    return box
  }

  showCode() {
    if (this.select && [...this.select.options].some(({value}) => value === askedFor)) this.select.value = askedFor
    for (const [name, box] of this.programs) box.hidden = name !== askedFor
  }

  link(link) {
    const shown = element('a', {}, link.label)
    this.links.push(() => { shown.href = linkAddress(link, this.frames.values()) })
    return element('p', {class: 'stage-link'}, shown)
  }

  button({label, sets}) {
    return pushButton(label, () => this.set(Object.fromEntries(Object.entries(sets).map(([key, live]) => [key, this.frames.row(live)[0]]))))
  }

  write() { for (const link of this.links) link() }
}

// Where a link leads, with those of the sliders' values, by key, that it takes along.
export function linkAddress({page, query, sliders}, values) {
  const own = Object.entries(values).filter(([key]) => sliders.includes(key))
  const words = new URLSearchParams([...Object.entries(query), ...own.map(([key, value]) => [key, addressText(value)])])
  return words.size ? `${page}?${words}` : page
}
