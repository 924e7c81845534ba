// The stage: draws a payload's figure and lets a person move it. Every frame is in the payload; moving a slider only picks
// other rows of its arrays, so nothing is asked of the server before a control is released.
//
// show({parentElement, data, setStateValue}) and close(parentElement) are what the page calls (a Streamlit component);
// a saved page calls open(root, bytes, values). The payload's layout is described in core/stage/encode.py.

const INSTANT = {mode: 'immediate', transition: {duration: 0}, frame: {duration: 0, redraw: false}}
const touch = window.matchMedia('(pointer: coarse)')
const CONFIG = {displayModeBar: touch.matches ? false : 'hover', showTips: false, displaylogo: false, showSendToCloud: false, responsive: true, doubleClick: 'reset',
  plotGlPixelRatio: Math.min(2, window.devicePixelRatio),
  modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d', 'toImage', 'resetCameraLastSave3d', 'orbitRotation', 'hoverClosest3d']}
const NARROW = 600  // pixels; as in stage.css
const REST = 200  // ms without a move until the hand counts as resting

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name in made && typeof value !== 'string') made[name] = value
    else made.setAttribute(name, value)
  }
  made.append(...children)
  return made
}

// --- the stage -----------------------------------------------------------------------------------------------------

class Stage {
  constructor(root) {
    this.plot = element('div', {class: 'stage-plot'})
    this.picture = element('div', {class: 'stage-picture', role: 'group', tabindex: '-1'}, this.plot)
    this.alt = element('p', {class: 'stage-hidden', id: `alt-${Math.random().toString(36).slice(2)}`})
    this.picture.setAttribute('aria-describedby', this.alt.id)
    this.summary = element('p', {class: 'stage-summary'})
    this.notes = element('ul', {class: 'stage-notes'})
    this.spoken = element('p', {class: 'stage-hidden', 'aria-live': 'polite'})  // the notice, but only once released
    this.controls = element('div', {class: 'stage-controls'})
    this.readings = element('table', {class: 'stage-readings'})
    this.tools = element('div', {class: 'stage-tools'})
    this.problem = element('div', {class: 'stage-problem', role: 'alert', hidden: true})
    this.side = element('div', {class: 'stage-side'}, this.readings, this.controls, this.tools)
    this.grids = new Grids(this)
    this.main = element('div', {class: 'stage-main'}, this.problem, this.picture, this.alt, this.grids.box, this.summary, this.notes, this.spoken)
    this.section = element('section', {class: 'stage', 'aria-busy': 'true'}, this.main, this.side)
    this.section.addEventListener('keydown', event => this.onKey(event))
    this.onPageKey = event => { if (event.target === document.body) this.onKey(event) }
    document.addEventListener('keydown', this.onPageKey)
    root.append(this.section)
    this.picture.addEventListener('pointerenter', () => this.settle())
    this.sizes = new ResizeObserver(() => this.fit())
    this.sizes.observe(this.picture)
    this.aim = new Aim(this)
    this.frames = {}
    this.inputs = {}
    this.cameras = {}
    this.released = () => {}
  }

  // A payload and the values of its sliders by key; the zoom and what is being dragged are left alone.
  async stage(head, Plotly, values) {
    const playing = this.player?.playing && this.player
    this.pause()
    const before = this.head
    this.head = head
    this.Plotly = Plotly
    const kept = {}
    for (const slider of head.sliders) kept[slider.key] = slider.key in values ? nearest(slider, values[slider.key]) : slider.start
    if (this.held in kept) kept[this.held] = this.frames[this.held]
    const on = playing && head.sliders.find(slider => slider.key === playing.slider.key && slider.values.length === playing.slider.values.length)
    if (on) kept[on.key] = this.frames[on.key]  // it plays on, in the new picture
    this.frames = kept
    this.waiting = false
    this.ground = head.data.some(trace => GROUND.includes(trace.type))
    this.alt.textContent = head.alt
    this.picture.setAttribute('aria-label', head.name)
    this.buildReadings()
    this.grids.build(head.grids)
    this.buildControls(before)
    this.stale = undefined
    this.rows = head.data.map(() => ({}))
    for (const track of head.tracks) this.rows[track.trace][track.attribute] = this.rowOf(track)
    this.solid = !head.data.some(trace => trace.type === 'mesh3d') || hasWebGL()
    const data = head.data.map((trace, i) => this.solid || trace.type !== 'mesh3d' ? withRows(trace, this.rows[i]) : ABSENT)
    this.shade = shadeOf(this.section.parentElement)
    this.section.style.colorScheme = this.shade
    const layout = this.layout()
    const zoom = this.zoom(before)
    await Plotly.react(this.plot, data, layout, CONFIG)
    if (Object.keys(zoom).length) await Plotly.relayout(this.plot, zoom)
    trackCameras(this.plot, this.cameras, head.layout)
    this.drawn = []
    this.plot.removeAllListeners('plotly_afterplot')
    this.plot.on('plotly_afterplot', () => { this.drawn = [] })  // it may have made its paths anew
    this.say()
    this.section.setAttribute('aria-busy', 'false')
    this.section.dataset.ready = 'true'
    if (on) this.player.resume(playing)
  }

  // The figure's layout for the page's theme and width, with the cameras of the surfaces drawn before.
  layout() {
    const {head} = this
    const layout = {...structuredClone(head.layout), template: head.templates[this.shade]}
    this.narrow = this.isNarrow()
    this.width = this.picture.clientWidth
    if (this.narrow) for (const [name, part] of Object.entries(head.narrow))
      layout[name] = part instanceof Object && !Array.isArray(part) ? {...layout[name], ...part} : part
    for (const [name, camera] of Object.entries(this.cameras)) if (layout[name]) layout[name] = {...layout[name], camera}
    if (!this.solid) for (const name of Object.keys(layout)) if (name.startsWith('scene')) delete layout[name]
    layout.height = this.height()
    if (touch.matches) layout.dragmode = false  // a finger on the picture scrolls the page
    this.section.style.setProperty('--height', `${layout.height}px`)
    this.section.classList.toggle('stage-tall', layout.height > 0.6 * window.innerHeight)
    return layout
  }

  // The picture's width has changed: another window, a turned tablet, a table that wraps.
  async fit() {
    if (!this.head || !this.Plotly || this.section.getAttribute('aria-busy') === 'true') return
    if (this.picture.clientWidth === this.width || !this.picture.clientWidth) return
    if (this.isNarrow() === this.narrow) {
      this.width = this.picture.clientWidth
      this.Plotly.Plots.resize(this.plot)
      return
    }
    this.settle()
    const zoom = this.zoom(this.head)
    await this.Plotly.react(this.plot, this.plot.data, this.layout(), CONFIG)
    if (Object.keys(zoom).length) await this.Plotly.relayout(this.plot, zoom)
  }

  // Where a person has zoomed to, for a figure whose axes mean the same as before. Plotly's own `uirevision` gives a zoom
  // up where the figure itself begins at another range, as it does with one more loss.
  zoom(before) {
    const ranges = {}
    if (before?.layout.uirevision !== this.head.layout.uirevision) return ranges
    for (const [name, {range}] of Object.entries(before.layout)) {
      const now = range && this.plot.layout?.[name]?.range
      if (now && !same(range, now)) ranges[`${name}.range`] = [...now]
    }
    return ranges
  }

  // On a narrow page the picture stays in sight above the controls, so it must leave them room.
  height() {
    const {layout, narrow} = this.head
    return this.isNarrow() ? narrow.height ?? Math.round(0.75 * layout.height) : layout.height
  }

  isNarrow() { return this.section.clientWidth < NARROW }

  adopt(values) {
    const changed = new Set()
    for (const slider of this.head.sliders) {
      const frame = slider.key in values ? nearest(slider, values[slider.key]) : slider.start
      if (frame !== this.frames[slider.key]) { this.frames[slider.key] = frame; changed.add(slider.key) }
    }
    if (changed.size) { this.syncInputs(); this.draw(changed) }
  }

  recolour() {
    const shade = shadeOf(this.section.parentElement)  // the section itself is set to the shade it has
    if (!this.head || shade === this.shade) return
    this.settle()
    this.shade = shade
    this.section.style.colorScheme = shade
    this.Plotly.relayout(this.plot, {template: this.head.templates[shade]})
  }

  // --- picking rows ---

  row({array, sliders, grow, across, star, every}) {
    const {shape, numbers} = this.head.arrays[array]
    let offset = 0, size = numbers.length, axis = 0
    if (star.length) { size /= shape[axis++]; offset += size * this.ray(star) }
    for (const [i, key] of sliders.entries()) {
      size /= shape[axis++]
      offset += size * (i === sliders.length - 1 ? Math.floor(this.frames[key] / every) : this.frames[key])
    }
    if (grow) size = (this.frames[grow] + 1) * (size / shape[axis])
    if (across) {
      const width = shape.at(-1), start = offset + this.frames[across]
      return Float32Array.from({length: size / width}, (_, i) => numbers[start + i * width])
    }
    return numbers.subarray(offset, offset + size)
  }

  // The row of a track as its trace wants it: a grid as rows, but the corners of a mesh one after the other.
  rowOf({trace, pick}) {
    const {shape} = this.head.arrays[pick.array]
    const tail = shape.slice((pick.star.length ? 1 : 0) + pick.sliders.length)
    const flat = pick.grow || pick.across || this.head.data[trace].type === 'mesh3d'
    return flat ? this.row(pick) : shaped(this.row(pick), tail)
  }

  // Where in a star of frames a row is: at its centre, or out along the slider that was moved last.
  ray(star) {
    const sliders = star.map(key => this.head.sliders.find(slider => slider.key === key))
    const away = sliders.filter(slider => this.frames[slider.key] !== slider.centre)
    if (!away.length) return 0
    const moved = away.find(slider => slider.key === this.last) ?? away[0]
    const before = sliders.slice(0, sliders.indexOf(moved))
    return 1 + before.reduce((sum, slider) => sum + slider.values.length, 0) + this.frames[moved.key]
  }

  text({template, slots}) {
    const filled = text => text.replace(/\{(\w+)\}/g, (whole, name) => {
      const slot = slots[name]
      if (!slot) return whole
      if (!slot.words) return written(this.row(slot)[0])
      return filled(slot.words[slot.pick ? this.row(slot.pick)[0] : this.frames[slot.slider]])
    })
    return filled(template)
  }

  // --- moving ---

  move(key, frame) {
    if (this.frames[key] === frame) return
    this.frames[key] = frame
    this.dirty ??= new Set()
    this.dirty.add(key)
    if (this.head.sliders.some(slider => slider.key === key && slider.recomputed)) this.leaveCentre(key)
    this.pending ??= requestAnimationFrame(() => {
      this.pending = undefined
      const changed = this.dirty
      this.dirty = undefined
      this.draw(changed)
    })
  }

  // A star holds no frame with two of its sliders away from the centre, nor with one where it was left beside its frames. On
  // the site the server sends a new star around what is released; until then what it moves waits.
  waits({star}) {
    if (!star?.length) return false
    return this.waiting || this.head.sliders.filter(slider => star.includes(slider.key) && this.frames[slider.key] !== slider.centre).length > 1
  }

  // A saved page has one star: there the other sliders go back.
  leaveCentre(key) {
    this.last = key
    if (this.live) return
    for (const other of this.head.sliders) if (other.recomputed && other.key !== key && this.frames[other.key] !== other.centre) {
      this.frames[other.key] = other.centre
      this.dirty.add(other.key)
      this.syncInputs()
    }
  }

  // The rows that moved go straight into the chart's own paths: asking Plotly for each frame costs 20 to 30 ms, most of
  // it spent on the traces that did not move. Plotly is told once the hand rests, before anything asks it about them.
  draw(changed) {
    this.stale ??= new Map()
    const moved = new Set()
    for (const track of this.head.tracks) {
      const {trace, attribute, pick} = track
      if (![...pick.sliders, ...pick.star, pick.grow, pick.across].some(key => changed.has(key))) continue
      if (this.waits(pick)) continue
      if (!this.stale.has(trace)) this.stale.set(trace, {})
      this.stale.get(trace)[attribute] = this.rows[trace][attribute] = this.rowOf(track)
      moved.add(trace)
    }
    const hard = [...moved].filter(trace => !this.paint(trace))
    const isMap = trace => this.head.data[trace].type === 'contour'
    if (hard.length && (!this.ground || hard.some(isMap))) this.tell(hard)
    else {
      paintMaps(this.plot, [...moved].filter(isMap))
      this.begin(hard)
    }
    this.settleSoon()
    this.say()
  }

  // Not while a control is held: a whole picture takes longer than a frame, and the hand may move on.
  settleSoon() {
    clearTimeout(this.rest)
    if (!(this.ground && this.held)) this.rest = setTimeout(() => this.settle(), REST)
  }

  // Plotly's `animate` draws no terrain, so a figure with one is drawn as a whole.
  tell(traces) {
    if (this.ground) {
      for (const [trace, rows] of this.stale) Object.assign(this.plot.data[trace], withRows(this.plot.data[trace], rows))
      this.stale.clear()
      this.Plotly.redraw(this.plot)
      return
    }
    const frame = {data: traces.map(trace => this.stale.get(trace)), traces}
    for (const trace of traces) this.stale.delete(trace)
    this.Plotly.animate(this.plot, frame, INSTANT).catch(() => {})  // a newer frame took this one's place
  }

  // Traces of which there was nothing to draw till now: as `animate` draws them, and without touching the terrain.
  begin(traces) {
    for (const trace of traces.filter(trace => this.head.data[trace].type === 'scatter')) {
      const {plot} = this, full = Object.assign(plot._fullData[trace], this.rows[trace])
      const points = full._module.calc(plot, full)
      Object.assign(points[0], {trace: full, t: plot.calcdata[trace][0].t})
      plot.calcdata[trace] = points
      const part = plot._fullLayout._plots[full.xaxis + full.yaxis]
      full._module.plot(plot, part, [points], part.plot.select('.scatterlayer'), {duration: 0})
      delete this.drawn[trace]
    }
  }

  settle() {
    clearTimeout(this.rest)
    if (this.stale?.size) this.tell([...this.stale.keys()])
  }

  // Puts a trace's rows into its path and its points as Plotly drew them; false where only Plotly itself can.
  paint(trace) {
    if (this.plot._fullData[trace].visible !== true) return !this.appears(trace)
    if (GROUND.includes(this.head.data[trace].type)) return paintGround(this.plot, trace, this.rows[trace])
    if (this.head.data[trace].type !== 'scatter') return false
    const {x, y} = this.rows[trace]
    const {line, fill, points, xaxis, yaxis} = this.drawn[trace] ??= this.find(trace)
    const drawn = line || fill ? path(x, y, xaxis, yaxis) : ''
    line?.setAttribute('d', drawn)
    fill?.setAttribute('d', drawn)
    if (!points.wanted) return Boolean(line || fill)
    const places = []
    for (let i = 0; i < x.length; i++) {
      const across = xaxis.c2p(x[i]), down = yaxis.c2p(y[i])
      if (Number.isFinite(across + down)) places.push(`translate(${across},${down})`)  // 0 is nowhere on a log axis
    }
    if (places.length && !points.length) return false
    while (points.length < places.length) points.push(points[0].parentNode.appendChild(points[0].cloneNode(true)))
    points.forEach((point, i) => {
      point.style.display = i < places.length ? '' : 'none'
      if (i < places.length) point.setAttribute('transform', places[i])
    })
    return true
  }

  // Plotly leaves a map out while none of its heights is a number.
  appears(trace) {
    return this.head.data[trace].type === 'contour' && this.rows[trace].z?.some(row => row.some(Number.isFinite))
  }

  find(trace) {
    const full = this.plot._fullData[trace]
    const group = this.plot.querySelector(`.trace${full.uid}`)
    const points = [...group?.querySelectorAll('.point') ?? []]
    points.wanted = full.mode.includes('markers')
    // Where there is a gap, Plotly begins another path; here one holds all parts, and no other may stay behind.
    const [line, ...parts] = full.mode.includes('lines') ? group?.querySelectorAll('.js-line') ?? [] : []
    for (const part of parts) part.remove()
    const fill = full.fill === 'toself' ? group?.querySelector('.js-fill') : undefined
    const {_fullLayout: layout} = this.plot
    const axis = name => layout[name.replace(/^([xy])/, '$1axis')]
    return {line, fill, points, xaxis: axis(full.xaxis), yaxis: axis(full.yaxis)}
  }

  // A text that needs a frame that there is not yet stays as it was, and looks it.
  write(node, text, end = '') {
    const old = Object.values(text.slots).some(slot => this.waits(slot.pick ?? slot))
    node.classList.toggle('stage-old', old)
    if (!old) node.textContent = this.text(text) + end
  }

  say() {
    this.write(this.summary, this.head.summary, this.solid ? '' : ` ${NO_SURFACE}`)
    this.head.readings.forEach(({cells, note}, i) => {
      cells.forEach((cell, j) => this.write(this.cells[i][j], cell))
      if (note) this.write(this.said[i], note)
    })
    this.grids.say()
    for (const slider of this.head.sliders) {
      const {output, input, number} = this.inputs[slider.key]
      output.textContent = label(slider, this.frames[slider.key])
      if (number && number !== document.activeElement) number.value = String(slider.values[this.frames[slider.key]])
      input.setAttribute('aria-valuetext', output.textContent)
      const part = (input.value - input.min) / (input.max - input.min)
      input.style.setProperty('--fill', `calc(${part} * (100% - 18px) + 9px)`)  // to the middle of the thumb
    }
  }

  // --- controls ---

  buildReadings() {
    const {readings, headings} = this.head
    this.readings.replaceChildren()
    this.readings.hidden = !readings.length
    this.readings.classList.toggle('stage-long', readings.some(({name}) => name.length > LONG))
    this.cells = []
    if (headings.length) {
      const heads = headings.map(text => element('th', {scope: 'col'}, text))
      this.readings.append(element('thead', {}, element('tr', {}, element('td'), ...heads)))
    }
    const body = element('tbody')
    for (const {name, colour, dash, cells} of readings) {
      const made = cells.map(() => element('td'))
      this.cells.push(made)
      body.append(element('tr', {}, element('th', {scope: 'row'}, stroke(colour, dash), name), ...made))
    }
    this.readings.append(body)
    this.said = readings.map(({note}) => note && element('span'))
    this.notes.replaceChildren(...readings.flatMap(({name, colour, dash, note}, i) =>
      note ? [element('li', {}, stroke(colour, dash), element('b', {}, `${name}: `), this.said[i])] : []))
  }

  // A control that is still there keeps its element, so that a person's focus stays on it.
  buildControls(before) {
    const kept = before && same(before.sliders.map(shape), this.head.sliders.map(shape))
    if (!kept) {
      this.inputs = {}
      this.player = undefined
      this.controls.replaceChildren(...this.head.sliders.map(slider => this.buildReel(slider)))
    }
    this.syncInputs()
  }

  buildReel(slider) {
    const id = `slider-${Math.random().toString(36).slice(2)}`
    const ends = slider.step === null
      ? {min: '0', max: String(slider.values.length - 1), step: '1'}
      : {min: String(slider.values[0]), max: String(slider.values.at(-1)), step: String(Number(slider.step.toPrecision(10)))}
    const input = element('input', {type: 'range', id, ...ends})
    const output = element('output', {for: id})
    const box = element('div', {class: `stage-slider stage-${slider.kind}`},
      element('label', {for: id}, slider.label), output)
    if (slider.colour) box.style.setProperty('--slider', slider.colour)
    input.addEventListener('input', () => { if (slider.kind === 'timeline') this.pause(); this.held = slider.key; this.move(slider.key, frameOf(slider, input.value)) })
    input.addEventListener('change', () => { this.held = undefined; this.release() })
    if (slider.kind === 'timeline') {
      this.player = new Player(this, slider, input)
      box.append(this.player.box)
    } else box.append(input)
    this.inputs[slider.key] = {input, output}
    if (slider.continuous && this.live) output.replaceWith(this.inputs[slider.key].number = this.buildNumber(slider))
    return box
  }

  // A continuous slider can be left between its frames: the value is typed.
  buildNumber(slider) {
    const [min, max] = [slider.values[0], slider.values.at(-1)]
    const field = element('input', {type: 'number', min: String(min), max: String(max), step: 'any', 'aria-label': `${slider.label}, typed`})
    field.addEventListener('change', () => {
      const value = Number(field.value)
      if (field.value !== '' && value >= min && value <= max) { this.aimed({[slider.key]: value}); return }
      field.value = String(this.head.sliders.find(({key}) => key === slider.key).values[this.frames[slider.key]])
      field.setCustomValidity(`${slider.label} must be a number from ${written(min)} to ${written(max)}`)
      field.reportValidity()
    })
    field.addEventListener('input', () => field.setCustomValidity(''))
    return field
  }

  // Left at values for which there may be no frame: the server is asked for a stage with one.
  aimed(values) {
    this.waiting = true
    this.released({...this.values(), ...values})
  }

  syncInputs() {
    for (const slider of this.head.sliders) {
      const {input} = this.inputs[slider.key]
      const frame = this.frames[slider.key]
      const value = String(slider.step === null ? frame : slider.values[frame])
      if (frameOf(slider, input.value) !== frame) input.value = value
    }
  }

  // The values of all sliders that have left their start: what an address has to hold.
  values() {
    const values = {}
    for (const slider of this.head.sliders)
      if (this.frames[slider.key] !== slider.start) values[slider.key] = slider.values[this.frames[slider.key]]
    return values
  }

  release() {
    if (this.stale?.size) this.settleSoon()
    requestAnimationFrame(() => { this.spoken.textContent = this.summary.textContent })  // once this move is drawn
    this.waiting &&= this.head.sliders.some(slider => slider.recomputed && this.frames[slider.key] !== slider.centre)
    this.released(this.values())
  }

  pause() { this.player?.pause() }

  onKey(event) {
    if (event.key !== ' ' || event.target.closest('button, select, a, [type=number]')) return
    if (!this.player) return
    event.preventDefault()
    this.player.toggle()
  }

  // --- when something is missing ---

  fail(error, retry) {
    this.section.setAttribute('aria-busy', 'false')
    const again = element('button', {type: 'button'}, 'Try again')
    again.addEventListener('click', () => { this.problem.hidden = true; this.picture.hidden = false; retry() })
    this.problem.replaceChildren(element('p', {}, `The chart could not be shown: ${error.message}.`), again)
    this.problem.hidden = false
    this.picture.hidden = true
  }

  offer(links) {
    const png = element('button', {type: 'button'}, 'PNG')
    png.addEventListener('click', () => this.savePicture())
    this.tools.replaceChildren(element('span', {}, 'Save as'), png, ...Object.entries(links ?? {}).map(([name, address]) => {
      const link = element('a', {href: address, download: ''}, name)
      link.addEventListener('click', () => { link.href = withValues(address, this.values()) })
      return link
    }))
  }

  // The saved picture carries its own legend and the page's background, which the live one leaves to the page.
  async savePicture() {
    this.settle()
    const {data, layout} = this.plot
    const seen = new Set()
    const named = this.head.readings.map(reading => reading.colour + reading.dash)
    const legend = data.map(trace => {
      const mark = trace.line?.color + trace.line?.dash
      const first = named.includes(mark) && !seen.has(mark)
      seen.add(mark)
      return {...trace, showlegend: first}
    })
    const paper = getComputedStyle(this.section).getPropertyValue('--st-background-color') || '#fff'
    const size = {width: 1100, height: layout.height + 70, scale: 2}
    const margin = {...layout.margin, t: layout.margin.t + 70}
    const title = {text: this.head.sliders.map(slider => `${slider.label} = ${label(slider, this.frames[slider.key])}`).join(' · '),
      x: 0, xanchor: 'left', xref: 'paper', y: 1, yref: 'container', yanchor: 'top', pad: {t: 12}, font: {size: 15}}
    const key = {orientation: 'h', x: 0, y: 1, yref: 'paper', yanchor: 'bottom', xanchor: 'left', entrywidth: 190}
    const figure = {data: legend, config: CONFIG, layout: {...layout, margin, title, showlegend: true, autosize: false,
      legend: {...key, y: 1 + 24 / (size.height - margin.t - margin.b)}, paper_bgcolor: paper}}
    const image = await this.Plotly.toImage(figure, {format: 'png', ...size})
    const link = element('a', {href: image, download: `lossarium${this.view ? `-${this.view}` : ''}.png`})
    link.click()
  }

  close() {
    this.pause()
    clearTimeout(this.rest)
    this.sizes.disconnect()
    this.aim.close()
    document.removeEventListener('keydown', this.onPageKey)
    if (this.Plotly) this.Plotly.purge(this.plot)
    this.section.remove()
  }
}

const LONG = 24  // letters of a name in the key, such as a file's, that needs more than a line
const label = (slider, frame) => slider.labels[frame] ?? written(slider.values[frame])
const frameOf = (slider, text) => slider.step === null ? Number(text) : nearest(slider, Number(text))
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b)
const shape = ({key, label, kind, values, colour, continuous}) =>
  [key, label, kind, continuous ? [values.length, values[0], values.at(-1)] : values, colour]

function nearest({values}, value) {
  let best = 0
  for (let i = 1; i < values.length; i++)
    if (Math.abs(values[i] - value) < Math.abs(values[best] - value)) best = i
  return best
}

function stroke(colour, dash) {
  const line = element('span', {class: `stage-stroke stage-${dash}`, 'aria-hidden': 'true'})
  line.style.setProperty('--slider', colour)
  return line
}

function withValues(address, values) {
  const url = new URL(address, document.baseURI)
  for (const [key, value] of Object.entries(values)) url.searchParams.set(key, String(value))
  return url.href
}

// The page's theme arrives as CSS variables; a page without them is asked what it looks like.
function shadeOf(node) {
  const probe = element('span', {style: 'color: var(--st-background-color, Canvas)'})
  node.append(probe)
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number)
  probe.remove()
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? 'dark' : 'light'
}
