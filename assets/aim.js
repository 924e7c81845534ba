// --- aiming ----------------------------------------------------------------------------------------------------------
// Part of the same module as stage.js. A mark on the picture that is dragged, or set with a click; what depends on it is
// asked of the server once it is let go, because no payload holds a frame for every place.

const REACH = {mouse: 12, pen: 16, touch: 26}  // pixels around the mark that take hold of it
const STILL = 4  // pixels: a press that moves less is a click

class Aim {
  constructor(stage) {
    this.stage = stage
    const {picture} = stage
    // Before Plotly hears of them: a press on the mark is no zoom.
    picture.addEventListener('pointerdown', event => this.down(event), true)
    for (const kind of ['mousedown', 'touchstart'])
      picture.addEventListener(kind, event => { if (this.held) { event.stopPropagation(); event.preventDefault() } }, {capture: true, passive: false})
    picture.addEventListener('pointermove', event => this.over(event), true)
    this.onMove = event => this.move(event)
    this.onUp = event => this.up(event)
    window.addEventListener('pointermove', this.onMove)
    window.addEventListener('pointerup', this.onUp)
    window.addEventListener('pointercancel', this.onUp)
  }

  get mark() { return this.stage.live ? this.stage.head?.aim : undefined }

  // Where the picture's axes are on the screen, and the pointer in their units; undefined outside of them.
  place({clientX, clientY}) {
    const {plot} = this.stage
    const full = plot._fullData?.[this.mark.trace]
    const layout = plot._fullLayout
    const axis = name => layout[name.replace(/^([xy])/, '$1axis')]
    const [xaxis, yaxis] = [axis(full.xaxis), axis(full.yaxis)]
    const box = plot.getBoundingClientRect()
    const across = clientX - box.left - xaxis._offset, down = clientY - box.top - yaxis._offset
    const inside = across >= 0 && across <= xaxis._length && down >= 0 && down <= yaxis._length
    const {x, y} = this.stage.rows[this.mark.trace]
    return {inside, x: xaxis.p2c(across), y: yaxis.p2c(down),
      away: Math.hypot(xaxis.c2p(x[0]) - across, yaxis.c2p(y[0]) - down)}
  }

  down(event) {
    if (!this.mark || !this.stage.plot._fullLayout || event.button) return
    const place = this.place(event)
    this.from = place.inside && !event.target.closest('.modebar') ? [event.clientX, event.clientY] : undefined
    this.held = place.inside && place.away <= (REACH[event.pointerType] ?? REACH.mouse)
    if (this.held) event.stopPropagation()
  }

  over(event) {
    if (!this.mark || !this.stage.plot._fullLayout || event.buttons) return
    this.stage.section.classList.toggle('stage-grab', this.place(event).away <= REACH.mouse)
  }

  move(event) {
    if (!this.held || !this.mark) return
    const place = this.place(event)
    this.show(place)
  }

  up(event) {
    if (!this.from || !this.mark) return
    const moved = Math.hypot(event.clientX - this.from[0], event.clientY - this.from[1])
    const wanted = event.type === 'pointerup' && (this.held || moved < STILL)
    this.from = this.held = undefined
    if (!wanted) return
    const place = this.place(event)
    this.show(place)
    const values = this.within(place)
    this.stage.aimed(Object.fromEntries(this.mark.sliders.map((key, i) => [key, values[i]])))
  }

  // A place in the ranges of the two sliders.
  within({x, y}) {
    return [x, y].map((value, i) => {
      const {values} = this.stage.head.sliders.find(slider => slider.key === this.mark.sliders[i])
      return Number(Math.max(values[0], Math.min(values.at(-1), value)).toPrecision(4))
    })
  }

  show(place) {
    const {stage} = this
    const [x, y] = this.within(place)
    stage.rows[this.mark.trace] = {...stage.rows[this.mark.trace], x: [x], y: [y]}
    stage.paint(this.mark.trace)
    this.mark.sliders.forEach((key, i) => stage.inputs[key].number.value = String([x, y][i]))
  }

  close() {
    window.removeEventListener('pointermove', this.onMove)
    window.removeEventListener('pointerup', this.onUp)
    window.removeEventListener('pointercancel', this.onUp)
  }
}
