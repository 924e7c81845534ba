// What stands in the place of a picture, or over it, when a payload does not come: a sentence, and a button to try again.
// Until then the picture says what is being waited for.

import {element} from './elements.js'

export class Problem {
  constructor(section, chart) {
    Object.assign(this, {section, chart})
    this.box = element('div', {class: 'stage-problem', role: 'alert', hidden: true})
  }

  // The picture is there.
  clear() {
    this.box.hidden = true
    this.chart.picture.hidden = false
  }

  // What a person reads over the picture until it comes.
  wait(words) {
    this.chart.picture.dataset.wait = words
    if (!this.chart.picture.hidden) this.box.hidden = true
  }

  // `keeps`: the picture that is there is still right, and stays.
  fail(error, retry, keeps) {
    this.section.setAttribute('aria-busy', 'false')
    const again = element('button', {type: 'button'}, error.outdated ? 'Reload' : 'Try again')
    again.addEventListener('click', () => {
      if (error.outdated) { location.reload(); return }
      this.clear()
      retry()
    })
    const what = keeps ? 'The chart for these values could not be shown' : 'The chart could not be shown'
    this.box.replaceChildren(element('p', {}, `${what}: ${error.message}.`), again)
    this.box.classList.toggle('over', keeps)
    this.box.hidden = false
    this.chart.picture.hidden = !keeps
  }
}
