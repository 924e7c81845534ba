// The dialog "Share": a link to what is shown now, for a lecture or for a frame in another page, with controls left out, and
// the code of such a frame. The page's address has it all; the dialog only adds words of presentation.

import {hasControl} from './controls.js'
import {copyButton} from './copy.js'
import {element, newId, pushButton} from './elements.js'
import {PACKED} from './payload.js'

const FRAME = 640  // pixels: the height of a frame in which a picture and its sliders fit
const SETTING = 'LOSSARIUM_FRAME_ANCESTORS'  // core/server/guard.py

export class Share {
  constructor(section, frames) {
    Object.assign(this, {section, frames})
    this.button = pushButton('Share', () => this.open(), {'aria-haspopup': 'dialog'})
  }

  // Puts the button at the end of `box`. A person's own data have no address that could be shared.
  offer(box, {pickers, payload}) {
    this.pickers = pickers
    if (!payload.startsWith(PACKED)) box.append(this.button)
  }

  open() {
    const heading = element('h2', {id: newId('share')}, 'Share this view')
    const done = element('button', {type: 'button'}, 'Close')
    this.link = element('textarea', {readonly: '', rows: '3', 'aria-label': 'Link'})
    this.code = element('textarea', {readonly: '', rows: '4', 'aria-label': 'Code for a frame'})
    this.modes = [['lecture', '1', 'For a lecture'], ['embed', 'true', 'Picture and sliders alone (for a frame)'],
      ...this.frames.head.question ? [['question', '1', 'With a question first']] : []]
    this.dialog = element('dialog', {class: 'stage-share', 'aria-labelledby': heading.id}, heading,
      this.field('Link', this.link), this.boxes('Show it', this.modes.map(([name, , label]) => [name, label])),
      this.boxes('Leave out choices', Object.entries(this.pickers)), this.boxes('Leave out sliders', this.sliders()),
      element('p', {class: 'stage-share-note'}, 'What is left out keeps its value.'),
      this.field('Code for a frame', this.code), this.setting(), element('p', {}, done))
    const {dialog} = this
    for (const name of this.shown('hide').split(',')) this.check(name, true)
    for (const [name, value] of this.modes) this.check(name, this.shown(name) === value)
    done.addEventListener('click', () => dialog.close())
    dialog.addEventListener('close', () => dialog.remove())
    dialog.addEventListener('keydown', event => event.stopPropagation())  // the page has keys of its own
    dialog.addEventListener('change', () => this.write())
    this.write()
    this.section.append(dialog)
    dialog.showModal()
  }

  // --- its parts ---

  field(label, area) {
    return element('div', {class: 'stage-share-field'}, element('span', {'aria-hidden': 'true'}, label), area, copyButton(area, label.toLowerCase()))
  }

  // A check box for each [name, label].
  boxes(legend, named) {
    const rows = named.map(([name, label]) => element('label', {}, element('input', {type: 'checkbox', name}), ` ${label}`))
    return element('fieldset', {hidden: !named.length}, element('legend', {}, legend), ...rows)
  }

  sliders() { return this.frames.head.sliders.filter(hasControl).map(({key, label}) => [key, label]) }

  setting() {
    return element('p', {}, 'The link under the frame works everywhere. Pages of another site may show the frame only if this server was started with that site in its setting, for example ',
      element('code', {}, `${SETTING}="https://school.example"`), '.')
  }

  // --- what is chosen ---

  shown(name) { return new URLSearchParams(location.search).get(name) ?? '' }

  box(name) { return this.dialog.querySelector(`input[name="${name}"]`) }

  check(name, checked) {
    const box = name && this.box(name)
    if (box) box.checked = checked
  }

  write() {
    const chosen = Object.fromEntries(this.modes.map(([name, value]) => [name, this.box(name).checked ? value : '']))
    const hide = [...Object.entries(this.pickers), ...this.sliders()].map(([name]) => name).filter(name => this.box(name).checked).join(',')
    this.link.value = addressWith({...chosen, hide})
    const src = addressWith({...chosen, hide, lecture: '', embed: 'true'})
    this.code.value = `<iframe src="${htmlText(src)}" width="100%" height="${FRAME}" title="${htmlText(this.frames.head.name)}" loading="lazy" style="border: 0"></iframe>\n<p><a href="${htmlText(this.link.value)}">${htmlText(this.frames.head.name)}</a></p>`
  }
}

// The page's address with these words, without those that are ''. A frame shows no stop of a lesson.
function addressWith(words) {
  const url = new URL(location.href)
  url.hash = ''
  for (const [name, text] of Object.entries(words)) {
    if (text) url.searchParams.set(name, text)
    else url.searchParams.delete(name)
  }
  if (words.embed) for (const name of ['tour', 'stop']) url.searchParams.delete(name)
  return url.href.replaceAll('%2C', ',')
}

const htmlText = text => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
