// A tooltip: a few words about an element, beside it and inside of the window, never over the element itself. One is open
// at a time; Escape closes it.

import {element, newId} from './elements.js'

const CLEAR = 6  // pixels between the element and its tooltip, and at least so many to the window's edge

export class Tip {
  constructor(section) {
    this.box = element('div', {class: 'stage-tip', role: 'tooltip', id: newId('tip'), popover: 'manual'})
    section.append(this.box)
    this.place = () => this.put()
    this.onKey = event => {
      if (event.key !== 'Escape') return
      event.stopPropagation()  // it closes nothing else
      this.close()
    }
    this.onPress = ({target}) => { if (!this.anchor.contains(target) && !this.box.contains(target)) this.close() }
  }

  // `parts`: elements and texts.
  open(anchor, ...parts) {
    if (this.anchor === anchor) return
    this.close()
    this.anchor = anchor
    this.box.replaceChildren(...parts)
    anchor.setAttribute('aria-describedby', this.box.id)
    this.box.showPopover()
    this.put()
    this.listen('addEventListener')
  }

  close() {
    if (!this.anchor) return
    this.anchor.removeAttribute('aria-describedby')
    this.anchor = undefined
    this.box.hidePopover()
    this.listen('removeEventListener')
  }

  listen(how) {
    document[how]('keydown', this.onKey, true)
    document[how]('pointerdown', this.onPress, true)
    document[how]('scroll', this.place, true)
  }

  // Above the element, or below it where there is no room.
  put() {
    const {left, top, bottom, width} = this.anchor.getBoundingClientRect(), box = this.box.getBoundingClientRect()
    const most = document.documentElement.clientWidth - box.width - CLEAR, above = top - box.height - CLEAR
    this.box.style.left = `${Math.max(CLEAR, Math.min(most, left + width / 2 - box.width / 2))}px`
    this.box.style.top = `${above >= CLEAR ? above : bottom + CLEAR}px`
  }
}
