// The cards under a picture: words and formulas whose numbers follow the sliders, code to copy, links that take the
// sliders' values along, a button that sets them. Their HTML was made from our own records when the payload was made.

import {addressText} from './address.js'
import {element} from './elements.js'

const NO_CODE = 'None'
const COPIED = 1500  // ms for which the button says that the code is copied

export class Cards {
  // `set(values)` moves sliders to values, as a hand that lets go of them there. `choose(library)` hears what code is asked for.
  constructor(texts, frames, {set, choose}) {
    Object.assign(this, {texts, frames, set, choose})
    this.box = element('div', {class: 'stage-cards'})
    this.library = NO_CODE
    this.programs = []
  }

  build({cards}, served) {
    this.links = []
    this.programs = []
    this.select = undefined
    const shown = cards.map(card => this.card(card, served))
    const offered = [...new Set(cards.flatMap(({code}) => Object.keys(code)))]
    this.box.hidden = !cards.length
    this.box.replaceChildren(...offered.length ? [this.picker(offered)] : [], ...shown)
    this.showCode()
  }

  card({text, code, links, action, wide, folded}, served) {
    const card = element(folded ? 'details' : 'article', {class: wide ? 'stage-card stage-wide' : 'stage-card'}, ...folded ? [element('summary', {}, folded)] : [])
    if (action) card.append(this.button(action))
    if (served) for (const link of links) card.append(this.link(link))
    card.append(this.texts.richPart('div', text))
    for (const [library, program] of Object.entries(code)) card.append(this.program(library, program))
    return card
  }

  picker(offered) {
    const select = this.select = element('select', {}, ...[NO_CODE, ...offered].map(name => element('option', {value: name}, name)))
    select.addEventListener('change', () => {
      this.library = select.value
      this.showCode()
      this.choose(this.word)
    })
    return element('label', {class: 'stage-library'}, 'Code to copy, for ', select)
  }

  // The library of which code is shown, as a word of the address: '' for none, which is left out.
  get word() { return this.select && this.library !== NO_CODE ? this.library.toLowerCase() : '' }

  program(library, {template, slots, note}) {
    const code = this.texts.part('code', {template, slots}), copy = element('button', {type: 'button'}, 'Copy')
    copy.addEventListener('click', async () => {
      if (!navigator.clipboard) return getSelection().selectAllChildren(code)  // only https and this computer have one
      await navigator.clipboard.writeText(code.textContent)
      copy.textContent = 'Copied'
      setTimeout(() => { copy.textContent = 'Copy' }, COPIED)
    })
    const about = element('div', {})
    about.innerHTML = note
    const box = element('div', {class: 'stage-code'}, element('pre', {tabindex: '0'}, code), copy, about)
    this.programs.push([library, box])
    return box
  }

  showCode() {
    if (this.select) this.select.value = this.library
    for (const [library, box] of this.programs) box.hidden = library !== this.library
  }

  link({label, page, query, sliders}) {
    const link = element('a', {}, label)
    this.links.push(() => {
      const values = Object.entries(this.frames.values()).filter(([key]) => sliders.includes(key))
      link.href = `${page}?${new URLSearchParams([...Object.entries(query), ...values.map(([key, value]) => [key, addressText(value)])])}`
    })
    return element('p', {class: 'stage-link'}, link)
  }

  button({label, sets}) {
    const button = element('button', {type: 'button'}, label)
    button.addEventListener('click', () => this.set(Object.fromEntries(Object.entries(sets).map(([key, live]) => [key, this.frames.row(live)[0]]))))
    return button
  }

  write() { for (const link of this.links) link() }
}
