// A question before the picture answers it: a person predicts, plays or drags, and reads what happened and why. Until then
// it stands where the summary would say it. It goes for good when it is skipped, closed or overtaken by what a person does.

import {element, pushButton} from './elements.js'
import {frameText, sameJson} from './numbers.js'

const DONE = 'questions done'  // kept for the browser's tab alone: the pages whose question is over, with spaces between
const SECRET = ['asked', 'answered']
let pagesOver = ''  // the same, where a browser keeps nothing

export class Question {
  // `put(key, frame)` moves a slider. `onState(state)` hears each time that the question is 'asked', 'answered', 'shown' or,
  // as '', over.
  constructor(section, {frames, texts, put, onState}) {
    Object.assign(this, {section, frames, texts, put, onState, state: '', due: ''})
    this.words = element('p', {})
    this.box = element('div', {class: 'stage-question', role: 'group', 'aria-label': 'Question', hidden: true}, this.words)
  }

  // Whether the next payload's question is to be asked: 'always', 'first' (on the first visit), or '' (never).
  invite(due) { this.due = due === 'first' && pagesDone().includes(location.pathname) ? '' : due }

  // A payload's question, before the picture is drawn. What is asked already goes on, if it is the same one. A story asks it
  // itself, when it comes to that.
  show(question, {isPlaying, hasStory}) {
    const goesOn = question && this.state && asksTheSame(question, this.question)
    if (hasStory && !this.state) this.due = ''
    Object.assign(this, {question, head: this.frames.head})
    if (!question || !this.due) { this.become(''); return }
    if (!goesOn) this.ask()
    if (SECRET.includes(this.state) && this.back && !isPlaying) this.frames.put(question.reveal, this.back.from)
  }

  ask() {
    const slider = this.frames.slider(this.question.reveal)
    this.due ||= 'always'
    this.timeline = slider.kind === 'timeline' ? slider : undefined
    const first = this.timeline ? 0 : slider.values.indexOf(this.question.waits_at)
    this.back = first >= 0 ? {from: first, to: slider.start} : undefined  // the frame at which it waits, and the usual one
    this.chosen = undefined
    this.buttons = this.question.options.map((option, number) => pushButton(option, () => this.answer(number)))
    for (const button of this.buttons) button.setAttribute('aria-pressed', 'false')
    this.next = element('span', {role: 'status'}, `Then ${this.toDo}`)
    this.words.replaceChildren(element('b', {}, 'Predict'), ` ${this.question.text} `, ...this.buttons.flatMap(button => [button, ' ']), this.next, ' ', pushButton('Skip', () => this.leave()))
    this.become('asked')
  }

  answer(number) {
    this.chosen = number
    for (const [i, button] of this.buttons.entries()) button.setAttribute('aria-pressed', String(i === number))
    this.next.textContent = `You said: ${this.question.options[number]}. Now ${this.toDo}`
    this.from = this.frames.at[this.question.reveal]
    this.become('answered')
    if (this.question.at !== null) this.released()  // the slider may stand there already
  }

  // What shows the answer.
  get toDo() {
    const {reveal, at} = this.question, slider = this.frames.slider(reveal)
    if (this.timeline) return 'press Play.'
    const to = at === null ? '' : ` to ${frameText(slider, slider.values.indexOf(at))}`
    return `drag “${slider.label}”${to}.`
  }

  // Sliders have moved. It returns those that it moves in turn: a timeline that it had put back to its beginning.
  moved(keys) {
    const isReveal = keys.includes(this.question?.reveal)
    const isOvertaken = this.state === 'asked' ? isReveal || (this.back && this.back.from !== this.back.to) : this.state === 'shown' && !isReveal
    if (!isOvertaken) return []
    const back = this.state === 'asked' && this.back && !isReveal ? this.frames.put(this.question.reveal, this.back.to) : []
    this.end()
    return back
  }

  // A slider is let go, or a timeline stands.
  released() {
    if (this.state !== 'answered') return
    const {reveal, at} = this.question, frame = this.frames.at[reveal], slider = this.frames.slider(reveal)
    const isDone = this.timeline ? frame === slider.values.length - 1 : at === null ? frame !== this.from : slider.values[frame] === at
    if (isDone) this.showAnswer()
  }

  showAnswer() {
    this.verdict = element('b', {})
    this.why = element('span', {})
    this.words.replaceChildren(this.verdict, ' ', this.why, ' ', pushButton('Close', () => this.leave()))
    this.become('shown')
    this.write()
    this.texts.spoken.textContent = `${this.verdict.textContent} ${this.why.textContent}`
    this.box.scrollIntoView({block: 'nearest'})  // on a phone the sliders are far below it
  }

  // Once they are shown, the words follow the sliders.
  write() {
    if (this.state !== 'shown' || this.head !== this.frames.head) return
    const {answer, why, options} = this.question
    if (this.frames.waits(answer) || this.texts.waits(why)) return
    const right = options[this.frames.row(answer)[0]], mine = options[this.chosen]
    this.verdict.textContent = right === mine ? `${mine}: right.` : `You said: ${mine}. Right is: ${right}.`
    this.why.textContent = this.texts.filled(why)
  }

  // By a button.
  leave() {
    const isSecret = SECRET.includes(this.state)
    this.end()
    if (isSecret && this.back) this.put(this.question.reveal, this.back.to)
    this.picture.focus({preventScroll: true})
  }

  end() {
    this.due = ''
    pagesOver = [...new Set([...pagesDone(), location.pathname])].join(' ')
    try { window.sessionStorage.setItem(DONE, pagesOver) } catch {}  // a browser that keeps nothing
    const {picture} = this, before = picture.getBoundingClientRect().top
    this.become('')
    if (!this.frames.held.length) return
    // What is held stays under the hand until that lets go.
    picture.style.marginTop = `${before - picture.getBoundingClientRect().top}px`
    for (const end of ['pointerup', 'pointercancel']) window.addEventListener(end, () => { picture.style.marginTop = '' }, {once: true})
  }

  get picture() { return this.section.querySelector('.stage-picture') }

  become(state) {
    const before = this.state
    this.state = state
    this.box.hidden = !state
    this.section.classList.toggle('stage-asking', Boolean(state))
    this.section.classList.toggle('stage-secret', SECRET.includes(state))
    if (state) this.texts.summary.setAttribute('aria-hidden', 'true')
    else this.texts.summary.removeAttribute('aria-hidden')
    if (state !== before) this.onState?.(state)
  }
}

const asksTheSame = (one, other) => sameJson([one.text, one.options], [other.text, other.options])

function pagesDone() {
  try { return (window.sessionStorage.getItem(DONE) ?? '').split(' ') } catch { return pagesOver.split(' ') }
}
