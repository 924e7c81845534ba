// The glossary on a stage: terms in its words are marked once these rest, and a tooltip says what one means, on hover, tap
// and focus. A group of blocks is one stop of the Tab key; within it the arrow keys go from term to term.

import {element} from './elements.js'
import {marksIn, markTerms, termAt} from './marks.js'
import {Tip} from './tip.js'

const QUIET_FOR = 250  // ms without a change, after which words are marked: nothing is while they move with a slider
const HOVER = 120  // ms until a pointer opens a tooltip on its way
const LEAVE = 200  // ms in which it may go from the term to the tooltip

export class Glossary {
  // `groups()`: the groups as they are now, each a list of blocks.
  constructor(section, groups) {
    this.groups = groups
    this.tip = new Tip(section)
    section.addEventListener('pointerover', event => this.onPointer(event))
    section.addEventListener('focusin', ({target}) => { if (isTerm(target)) this.explain(target) })
    section.addEventListener('focusout', ({target}) => { if (target === this.tip.anchor) this.tip.close() })
    section.addEventListener('click', event => this.onClick(event))
    section.addEventListener('keydown', event => this.onKey(event))
  }

  // Words have changed.
  soon() {
    if (this.tip.anchor && !this.tip.anchor.isConnected) this.tip.close()
    this.changed = performance.now()
    this.timer ??= setTimeout(() => this.check(), QUIET_FOR)
  }

  check() {
    const left = this.changed + QUIET_FOR - performance.now()
    this.timer = left > 0 ? setTimeout(() => this.check(), left) : undefined
    if (this.timer) return
    for (const group of this.groups()) {
      group.forEach(markTerms)
      const terms = shownTerms(group)
      if (!terms.some(term => term.tabIndex === 0) && terms.length) terms[0].tabIndex = 0
    }
  }

  explain(term) {
    const {term: name, text, example} = termAt(term)
    this.tip.open(term, element('b', {}, name), ` ${text}`, ...example ? [element('span', {}, ` Example: ${example}`)] : [])
  }

  onPointer({target, pointerType}) {
    if (pointerType !== 'mouse') return
    clearTimeout(this.opening)
    clearTimeout(this.leaving)
    if (isTerm(target)) this.opening = setTimeout(() => this.explain(target), HOVER)
    else if (this.tip.anchor && !this.tip.box.contains(target) && this.tip.anchor !== document.activeElement) this.leaving = setTimeout(() => this.tip.close(), LEAVE)
  }

  // A term in the label of an input does not take the focus there.
  onClick(event) {
    if (!isTerm(event.target)) return
    event.preventDefault()
    event.target.focus()
    this.explain(event.target)
  }

  onKey(event) {
    const by = {ArrowRight: 1, ArrowLeft: -1}[event.key]
    if (!by || !isTerm(event.target)) return
    event.preventDefault()
    event.stopPropagation()
    const group = this.groups().find(blocks => blocks.some(block => block.contains(event.target)))
    const terms = shownTerms(group), to = terms[(terms.indexOf(event.target) + by + terms.length) % terms.length]
    for (const term of terms) term.tabIndex = term === to ? 0 : -1
    to.focus()
  }

  close() {
    clearTimeout(this.timer)
    this.tip.close()
  }
}

const isTerm = node => node.classList.contains('stage-term')
const shownTerms = group => group.flatMap(marksIn).filter(term => term.getClientRects().length)
