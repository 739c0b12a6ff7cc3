// What browser.js runs in its page: the same bytes, decoded and folded by ours and by the peer.

import {feedAll, race, typed} from './peer.js'
import init, {Reader} from './pkg/sluice_bench_decoder.js'

async function main() {
  await init()
  const bytes = new Uint8Array(await (await fetch('/stream')).arrayBuffer())
  const results = {}
  for (const piece of [16, 1024, 65536]) {
    const times = race({
      wasm: () => {
        const reader = new Reader()
        const length = feedAll(reader, bytes, piece)
        reader.free()
        return length
      },
      peer: () => feedAll(typed(), bytes, piece),
    })
    for (const [name, time] of Object.entries(times)) results[`${name}/${piece}`] = time
  }
  return results
}

main().then(
  (results) => fetch('/result', {method: 'POST', body: JSON.stringify(results)}),
  (error) => fetch('/error', {method: 'POST', body: `${error?.stack ?? error}`}),
)
