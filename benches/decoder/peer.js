// eventsource-parser doing what our decoder does, for Node and for the browser: bytes in, events or
// an answer's text out.

import {createParser} from 'eventsource-parser'

/** Feeds `bytes` in pieces of this size to a reader with `feed(chunk)`. */
export function feedAll(reader, bytes, piece) {
  for (let at = 0; at < bytes.length; at += piece) reader.feed(bytes.subarray(at, at + piece))
  return reader.length()
}

/** Counts the data of the events. */
export function frames() {
  let length = 0
  return reader(({data}) => (length += data.length), () => length)
}

/** Parses the events and joins their text. */
export function typed() {
  let text = ''
  return reader(({data}) => (text += JSON.parse(data).r), () => text.length)
}

function reader(onEvent, length) {
  const decoder = new TextDecoder()
  const parser = createParser({onEvent})
  return {feed: (chunk) => parser.feed(decoder.decode(chunk, {stream: true})), length}
}

/**
 * Runs the contestants in turn, so that what else the machine does meets them all alike, and gives
 * the median of each one's times in milliseconds.
 */
export function race(contestants, {rounds = 25, milliseconds = 4000} = {}) {
  const times = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]))
  const end = performance.now() + milliseconds
  for (let round = 0; round < rounds && (round < 5 || performance.now() < end); round++) {
    for (const [name, run] of Object.entries(contestants)) {
      const start = performance.now()
      if (!(run() > 0)) throw new Error(`${name} read nothing`)
      times[name].push(performance.now() - start)
    }
  }
  const median = (all) => all.sort((a, b) => a - b)[all.length >> 1]
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]))
}
