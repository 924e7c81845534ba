// --- playing ---------------------------------------------------------------------------------------------------------
// Part of the same module as stage.js. A timeline's buttons: play and pause, one step, the speed, and over again.

const SPEEDS = [0.25, 0.5, 1, 2, 4]
const calm = window.matchMedia('(prefers-reduced-motion: reduce)')

class Player {
  constructor(stage, slider, input) {
    Object.assign(this, {stage, slider, speed: 1, again: false})
    this.button = element('button', {type: 'button', class: 'stage-play', 'aria-label': 'Play'})
    this.button.addEventListener('click', () => this.toggle())
    const step = element('button', {type: 'button', class: 'stage-step', 'aria-label': 'One step', title: 'One step'})
    step.addEventListener('click', () => this.step())
    const speed = this.choose = element('select', {'aria-label': 'Speed', class: 'stage-speed'},
      ...SPEEDS.map(value => element('option', {value: String(value), selected: value === 1}, `${value}×`)))
    speed.addEventListener('change', () => { this.speed = Number(speed.value) })
    const loop = this.loop = element('button', {type: 'button', class: 'stage-loop', 'aria-label': 'Loop', 'aria-pressed': 'false', title: 'Play over and over'}, '↻')
    loop.addEventListener('click', () => { this.again = !this.again; loop.setAttribute('aria-pressed', String(this.again)) })
    this.box = element('div', {class: 'stage-player'}, this.button, step, input, speed, loop)
  }

  get last() { return this.slider.values.length - 1 }
  get at() { return this.stage.frames[this.slider.key] }

  toggle() {
    if (this.playing) this.pause(true)
    else this.play()
  }

  step() {
    this.pause()
    this.go(this.at >= this.last ? 0 : this.at + 1)
    this.stage.release()
  }

  go(frame) {
    this.stage.move(this.slider.key, frame)
    this.stage.syncInputs()
  }

  play() {
    if (this.at >= this.last) this.go(0)
    // Reduced motion: no animation; Play goes straight to the end, the timeline can still be scrubbed.
    if (calm.matches) { this.go(this.last); this.stage.release(); return }
    let due = performance.now()
    const tick = now => {
      const rate = this.slider.fps * this.speed / 1000
      const ahead = Math.floor((now - due) * rate)
      if (ahead > 0) {
        due += ahead / rate
        this.go(this.at >= this.last ? 0 : Math.min(this.last, this.at + ahead))
      }
      if (this.at >= this.last && !this.again) this.pause(true)
      else this.playing = requestAnimationFrame(tick)
    }
    this.playing = requestAnimationFrame(tick)
    this.show(true)
  }

  // Goes on as another player, for another picture, did.
  resume({speed, again}) {
    if (this.speed !== speed) this.choose.value = String(speed)
    Object.assign(this, {speed, again})
    this.loop.setAttribute('aria-pressed', String(again))
    this.play()
  }

  pause(release = false) {
    if (!this.playing) return
    cancelAnimationFrame(this.playing)
    this.playing = undefined
    this.show(false)
    if (release) this.stage.release()
  }

  show(on) {
    this.button.setAttribute('aria-label', on ? 'Pause' : 'Play')
    this.button.classList.toggle('stage-pause', on)
  }
}
