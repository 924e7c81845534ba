// Loading a library once for a page, at the address that Python names: plotly.js, or what writes a film.
// The page itself may ask for the same file already: that script is used.

import {element} from './elements.js'

const LIBRARIES = {Plotly: 'chart library', Mediabunny: 'library that writes films'}
const libraries = {}
export const loadPlotly = address => loadScript(address, 'Plotly')

// `name`: of the global that the script makes.
export function loadScript(address, name) {
  libraries[address] ??= fromPage(address, name).then(there => there ?? added(address, name))
    .catch(error => { delete libraries[address]; throw error })
  return libraries[address]
}

// Until the page's load event its script may still be on its way; it may also have come or failed already, and then says
// nothing more.
async function fromPage(address, name) {
  const script = [...document.scripts].find(script => script.src === new URL(address, document.baseURI).href)
  if (!script) return undefined
  if (!window[name] && document.readyState !== 'complete')
    await new Promise(done => {
      for (const event of ['load', 'error']) script.addEventListener(event, done)
      window.addEventListener('load', done)
    })
  return window[name]
}

function added(address, name) {
  return new Promise((resolve, reject) => {
    const script = element('script', {src: address})
    script.onload = () => resolve(window[name])
    script.onerror = () => { script.remove(); reject(new Error(`the ${LIBRARIES[name]} did not load; if it stays so, reload the page`)) }
    document.head.append(script)
  })
}
