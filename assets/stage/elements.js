// Building the page: an HTML element from its tag, its attributes and what stands in it, and the stroke that stands for
// a curve beside its name.

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name in made && typeof value !== 'string') made[name] = value
    else made.setAttribute(name, value)
  }
  made.append(...children)
  return made
}

// A button that does something at a click.
export function pushButton(words, act, attributes = {}) {
  const made = element('button', {type: 'button', ...attributes}, words)
  made.addEventListener('click', act)
  return made
}

export const newId = name => `${name}-${Math.random().toString(36).slice(2)}`

// A curve's colour and dash, for its row of a table.
export function stroke(colour, dash) {
  const line = element('span', {class: `stage-stroke stage-${dash}`, 'aria-hidden': 'true'})
  line.style.setProperty('--colour', colour)
  return line
}
