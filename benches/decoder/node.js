// eventsource-parser in Node. Usage: node node.js STREAM; prints JSON, milliseconds by contest.

import {readFileSync} from 'node:fs'
import {feedAll, frames, race, typed} from './peer.js'

const bytes = readFileSync(process.argv[2])
const results = {}
for (const piece of [16, 1024, 65536]) {
  const times = race({
    frames: () => feedAll(frames(), bytes, piece),
    typed: () => feedAll(typed(), bytes, piece),
  })
  for (const [name, time] of Object.entries(times)) results[`${name}/${piece}`] = time
}
console.log(JSON.stringify(results))
