// Finds terms of the glossary in the words of a block and marks the first of each: not in formulas, code, links or names.
// To mark twice changes nothing.

import {element} from './elements.js'
import {TERMS} from './terms.js'

const TEXT = 4  // for a tree walker: text nodes alone
const SKIPPED = 'a, b, button, code, h4, input, math, output, pre, select, strong, summary, [role=status], .stage-readings tbody, .stage-term'
const WORD_PART = '[\\p{L}\\p{N}_-]'  // what is no end of a word

const allForms = TERMS.flatMap(one => [one.term, ...one.forms ?? []].map(form => [form, one]))
const byForm = new Map(allForms.map(([form, one]) => [form.toLowerCase(), one]))
// The longest first: where a term begins, no shorter one is found in it.
const longestFirst = allForms.map(([form]) => form).sort((one, other) => other.length - one.length)
const PATTERN = new RegExp(`(?<!${WORD_PART})(?:${longestFirst.map(asPattern).join('|')})(?!${WORD_PART})`, 'gu')

// A small letter may be the first of a sentence.
function asPattern(form) {
  const escaped = form.replace(/[()]/g, '\\$&'), first = form[0]
  return first >= 'a' && first <= 'z' ? `[${first}${first.toUpperCase()}]${escaped.slice(1)}` : escaped
}

// What is known of the term that a mark stands on.
export const termAt = mark => byForm.get(mark.dataset.term)

export const marksIn = block => [...block.querySelectorAll('.stage-term')]

export function markTerms(block) {
  const seen = new Set(marksIn(block).map(termAt)), texts = []
  const walker = document.createTreeWalker(block, TEXT)
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(SKIPPED)) texts.push(walker.currentNode)
  for (const text of texts) markText(text, seen)
}

function markText(text, seen) {
  const first = [...text.data.matchAll(PATTERN)].filter(([form]) => {
    const one = byForm.get(form.toLowerCase()), isNew = !seen.has(one)
    seen.add(one)
    return isNew
  })
  for (const found of first.reverse()) {
    text.splitText(found.index + found[0].length)
    const word = text.splitText(found.index), mark = element('span', {class: 'stage-term', role: 'term', tabindex: '-1', 'data-term': found[0].toLowerCase()})
    word.replaceWith(mark)
    mark.append(word)
  }
}
