// A button that copies a text. Where the browser has no clipboard (only https and this computer have one), it selects the
// text instead.

import {element} from './elements.js'

const COPIED = 1500  // ms for which the button says that the text is copied

// `source` is the element that holds the text; `what` names it for a screen reader, where there are several.
export function copyButton(source, what) {
  const copy = element('button', {type: 'button', ...what ? {'aria-label': `Copy the ${what}`} : {}}, 'Copy')
  copy.addEventListener('click', async () => {
    if (!navigator.clipboard) {
      if (source.select) source.select()
      else getSelection().selectAllChildren(source)
      return
    }
    await navigator.clipboard.writeText(source.value ?? source.textContent)
    copy.textContent = 'Copied'
    setTimeout(() => { copy.textContent = 'Copy' }, COPIED)
  })
  return copy
}
