// Runs in the page. Counts what it sends over WebSockets, and times a control's way to the picture and to the text.
(() => {
  const bench = window.bench = {sent: 0}
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (...message) { bench.sent++; return send.apply(this, message) }

  const slider = name => {
    const found = [...document.querySelectorAll('.stage input[type=range]')].find(input =>
      (input.getAttribute('aria-label') ?? input.labels[0]?.textContent) === name)
    if (!found) throw new Error(`no slider named ${name}`)
    return found
  }

  // The path of a loss's curve: the first line of that name in the stage's figure.
  const curve = name => {
    const plot = document.querySelector('.stage .js-plotly-plot')
    const trace = plot?._fullData.find(({name: given, mode}) => given === name && mode === 'lines')
    const path = trace && plot.querySelector(`.trace${trace.uid} path.js-line`)
    if (!path) throw new Error(`no curve named ${name}`)
    return path
  }

  const frame = () => new Promise(requestAnimationFrame)
  // A task posted in a frame's callback runs after that frame's style, layout and paint.
  const rendered = () => new Promise(resolve => {
    const {port1, port2} = new MessageChannel()
    port1.onmessage = () => { port1.close(); resolve(performance.now()) }
    port2.postMessage(null)
  })
  const pause = time => new Promise(resolve => setTimeout(resolve, time))

  // What each panel of the stage shows, and what is said beside and under them, as text to compare.
  const panels = () => [
    ...[...document.querySelectorAll('.stage .cartesianlayer > .subplot')].map(panel =>
      [...panel.querySelectorAll('path, image')].map(one => ['d', 'transform', 'href'].map(name => one.getAttribute(name)) + one.style.display).join()),
    ...[...document.querySelectorAll('.stage :is(.stage-grid, .stage-readings, .stage-summary)')].map(node => node.textContent),
  ]

  // Milliseconds from each changed value to the end of rendering of the first frame with the new curve.
  bench.follow = (label, trace, times) => {
    const path = curve(trace)
    return timed(label, times, () => [path.getAttribute('d')], 0)
  }

  // The same to the frame in which the last panel has moved; each of them has to, now and then.
  bench.followAll = (label, times) => timed(label, times, panels, 3)

  // Ends with the last frame that showed something new, when nothing new has come for so many frames.
  const timed = async (label, times, look, quiet) => {
    const input = slider(label), taken = [], moved = new Set()
    const [low, high, step] = [input.min, input.max, input.step].map(Number)
    const stops = Math.round((high - low) / step)
    for (let i = 0; i < times; i++) {
      await frame()
      await pause(20 + 50 * Math.random())  // any phase of a frame
      const first = look()
      const here = Math.round((Number(input.value) - low) / step)
      const next = (here + 1 + Math.floor(Math.random() * (stops - 1))) % (stops + 1)
      input.value = String(low + next * step)
      const start = performance.now()
      input.dispatchEvent(new Event('input', {bubbles: true}))
      let end, before = first.join(), still = 0
      while (end === undefined || still < quiet) {
        await frame()
        const now = await rendered(), after = look().join()
        if (after !== before) { end = now; still = 0 } else still++
        before = after
        if (now - start > 5000) throw new Error('the picture did not change')
      }
      look().forEach((part, at) => { if (part !== first[at]) moved.add(at) })
      taken.push(end - start)
    }
    const never = look().findIndex((_, at) => !moved.has(at))
    if (never >= 0) throw new Error(`part ${never} of the picture never moved`)
    return taken
  }

  // Called before a release; resolves with the milliseconds from it until the address and the text hold its value.
  bench.settle = (label, name) => new Promise((resolve, reject) => {
    slider(label).addEventListener('change', async event => {
      const start = performance.now(), value = String(Number(event.target.value))
      const alone = new RegExp(`(?<![\\d.])${value.replace('.', '\\.')}(?!\\.?\\d)`)
      const said = {address: undefined, text: undefined}
      while (said.address === undefined || said.text === undefined) {
        await frame()
        const now = performance.now() - start
        if (new URLSearchParams(location.search).get(name) === value) said.address ??= now
        if (texts().some(text => alone.test(text))) said.text ??= now
        if (now > 5000) return reject(new Error(`not both say ${value}: ${JSON.stringify(said)}`))
      }
      resolve(said)
    }, {once: true})
  })

  // Called before a release; resolves with the milliseconds from it until the sweep around its value has come and is drawn.
  bench.swept = label => new Promise((resolve, reject) => {
    const fetched = () => performance.getEntriesByType('resource').filter(({name}) => /\/view\/(?!.*draft=)/.test(name)).length
    slider(label).addEventListener('change', async () => {
      performance.clearResourceTimings()  // what was fetched while the slider moved; a full buffer takes nothing new
      const start = performance.now()
      while (!fetched() || document.querySelector('.stage').getAttribute('aria-busy') !== 'false') {
        await frame()
        if (performance.now() - start > 5000) return reject(new Error('no sweep was fetched'))
      }
      resolve(await rendered() - start)
    }, {once: true})
  })

  // Formulas and code under the picture.
  const texts = () => [...document.querySelectorAll('.stage-card :is(math, code)')]
    .map(node => node.textContent)
})()
