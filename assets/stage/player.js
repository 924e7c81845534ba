// A timeline's buttons: play and pause, one step, the speed, and over again.
// With reduced motion there is no animation: Play goes straight to the end, and the timeline can still be scrubbed.

import {element, newId} from './elements.js'

const SPEEDS = [0.25, 0.5, 1, 2, 4]
const reducedMotion = window.matchMedia('(prefers-reduced-motion: reduce)')

// `go(frame)` moves the timeline, `release()` tells that it stands.
export class Player {
  constructor(slider, input, {frame, go, release}) {
    Object.assign(this, {slider, frame, go, release, speed: 1, again: false})
    this.button = element('button', {type: 'button', class: 'stage-play', 'aria-label': 'Play'})
    this.button.addEventListener('click', () => this.toggle())
    const step = element('button', {type: 'button', class: 'stage-step', 'aria-label': 'One step', title: 'One step'})
    step.addEventListener('click', () => this.step())
    this.speeds = element('select', {'aria-label': 'Speed', class: 'stage-speed'},
      ...SPEEDS.map(value => element('option', {value: String(value), selected: value === 1}, `${value}×`)))
    this.speeds.addEventListener('change', () => { this.speed = Number(this.speeds.value) })
    this.loop = element('button', {type: 'button', class: 'stage-loop', 'aria-label': 'Loop', 'aria-pressed': 'false', title: 'Play over and over'}, '↻')
    this.loop.addEventListener('click', () => { this.again = !this.again; this.loop.setAttribute('aria-pressed', String(this.again)) })
    this.box = element('div', {class: 'stage-player'}, this.button, step, input, this.speeds, this.loop)
    if (reducedMotion.matches) this.sayStill()
  }

  sayStill() {
    const id = newId('still')
    this.button.setAttribute('aria-describedby', id)
    this.box.append(element('p', {class: 'stage-still', id}, 'No animation, as this computer asks for less motion: Play goes straight to the end.'))
  }

  get last() { return this.slider.values.length - 1 }

  toggle() {
    if (this.playing) this.pause(true)
    else this.play()
  }

  step() {
    this.pause()
    this.go(this.frame() >= this.last ? 0 : this.frame() + 1)
    this.release()
  }

  play() {
    if (this.frame() >= this.last) this.go(0)
    if (reducedMotion.matches) { this.go(this.last); this.release(); return }
    let due = performance.now()
    const tick = now => {
      const rate = this.slider.fps * this.speed / 1000
      const ahead = Math.floor((now - due) * rate)
      if (ahead > 0) {
        due += ahead / rate
        this.go(this.frame() >= this.last ? 0 : Math.min(this.last, this.frame() + ahead))
      }
      if (this.frame() >= this.last && !this.again) this.pause(true)
      else this.playing = requestAnimationFrame(tick)
    }
    this.playing = requestAnimationFrame(tick)
    this.show(true)
  }

  // Goes on as another player, for another picture, did.
  resume({speed, again}) {
    if (this.speed !== speed) this.speeds.value = String(speed)
    Object.assign(this, {speed, again})
    this.loop.setAttribute('aria-pressed', String(again))
    this.play()
  }

  pause(release = false) {
    if (!this.playing) return
    cancelAnimationFrame(this.playing)
    this.playing = undefined
    this.show(false)
    if (release) this.release()
  }

  show(on) {
    this.button.setAttribute('aria-label', on ? 'Pause' : 'Play')
    this.button.classList.toggle('stage-pause', on)
  }
}
