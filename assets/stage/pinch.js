// Two fingers on a picture zoom the panel or the surface between them, about the middle of the two, the way Ctrl and the wheel
// do: Plotly knows no such gesture. One finger still scrolls the page or drags a mark, and a tap is one click.

const PER_EVENT = 20, FACTOR = 200  // as Plotly reads a wheel: e^(delta / 200) for each event, of at most 20
const TAP_AFTER = 1000  // ms after a touch, in which the browser presses the mouse button that stands for it

export class Pinch {
  // `letGo()` drops a mark that the first of the fingers has taken hold of.
  constructor(picture, letGo) {
    Object.assign(this, {picture, letGo})
    const listen = (kind, listener) => picture.addEventListener(kind, event => listener.call(this, event), {capture: true, passive: false})
    for (const kind of ['touchstart', 'touchmove']) listen(kind, this.move)
    for (const kind of ['touchend', 'touchcancel']) listen(kind, this.end)
    listen('mousedown', this.skip)
  }

  move(event) {
    if (event.touches.length !== 2) return
    event.preventDefault()  // the page keeps its size
    event.stopPropagation()
    const [one, other] = event.touches
    const apart = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)
    const middle = {clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2}
    if (event.type === 'touchstart' || !this.apart) {
      this.letGo()
      this.target = document.elementFromPoint(middle.clientX, middle.clientY)
    } else this.zoom(FACTOR * Math.log(this.apart / apart), middle)
    this.apart = apart
  }

  zoom(delta, middle) {
    if (!this.picture.contains(this.target)) return
    const events = Math.ceil(Math.abs(delta) / PER_EVENT)
    for (let i = 0; i < events; i++)
      this.target.dispatchEvent(new WheelEvent('wheel', {...middle, deltaY: delta / events, ctrlKey: true, bubbles: true, cancelable: true}))
  }

  end(event) {
    this.touched = event.timeStamp
    if (event.touches.length < 2) this.apart = undefined
  }

  // The mouse button that stands for a touch: Plotly has heard the touch itself, and would count a second click.
  skip(event) {
    if (event.timeStamp - (this.touched ?? -TAP_AFTER) < TAP_AFTER) event.stopPropagation()
  }
}
