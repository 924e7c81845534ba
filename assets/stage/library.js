// Loading plotly.js once for a page, at the address that Python names.
// The page itself may ask for the same file already: that script is used.

import {element} from './elements.js'

const libraries = {}
export function loadPlotly(address) {
  libraries[address] ??= fromPage(address).then(there => there ?? added(address))
    .catch(error => { delete libraries[address]; throw error })
  return libraries[address]
}

// Until the page's load event its script may still be on its way; it may also have come or failed already, and then says
// nothing more.
async function fromPage(address) {
  const script = [...document.scripts].find(script => script.src === new URL(address, document.baseURI).href)
  if (!script) return undefined
  if (!window.Plotly && document.readyState !== 'complete')
    await new Promise(done => {
      for (const event of ['load', 'error']) script.addEventListener(event, done)
      window.addEventListener('load', done)
    })
  return window.Plotly
}

function added(address) {
  return new Promise((resolve, reject) => {
    const script = element('script', {src: address})
    script.onload = () => resolve(window.Plotly)
    script.onerror = () => { script.remove(); reject(new Error('the chart library did not load; if it stays so, reload the page')) }
    document.head.append(script)
  })
}
