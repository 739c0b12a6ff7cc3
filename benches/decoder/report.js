// The table: medians as MB/s, ratios, and whether each target is met. Usage: node report.js TARGET_DIR

import {readFileSync, statSync} from 'node:fs'

const [target] = process.argv.slice(2)
const json = (path) => JSON.parse(readFileSync(`${target}/${path}`, 'utf8'))
/** Criterion's median, in milliseconds like all the others. */
const native = (name) => json(`criterion/${name}/new/estimates.json`).median.point_estimate / 1e6
const node = json('node.json')
const browser = json('browser.json')
const megabytes = statSync(`${target}/stream.sse`).size / 1e6
const speed = (milliseconds) => `${Math.round(megabytes / (milliseconds / 1000))} MB/s`

const rows = []
function row(what, ours, theirs, target) {
  const ratio = theirs / ours
  const held = target === undefined ? '' : `≥ ${target} × ${ratio >= target ? 'met' : 'MISSED'}`
  rows.push([what, speed(ours), speed(theirs), `${ratio.toFixed(1)} ×`, held])
}
const targets = {16: 10, 1024: 4}
for (const piece of [16, 1024, 65536]) {
  row(`native, frames, ${piece} B`, native(`frames/${piece}`), node[`frames/${piece}`], targets[piece])
}
for (const piece of [16, 1024, 65536]) {
  row(`native, folded, ${piece} B`, native(`typed/${piece}`), node[`typed/${piece}`])
}
for (const piece of [16, 1024, 65536]) {
  row(`browser, folded, ${piece} B`, browser[`wasm/${piece}`], browser[`peer/${piece}`], piece === 1024 ? 1.5 : undefined)
}

const [eight, sixteen] = [native('one-event/8'), native('one-event/16')]
const held = (met, target) => `${target} ${met ? 'met' : 'MISSED'}`
rows.push(['one event of 8 MiB, 1 KiB pieces', `${eight.toFixed(1)} ms`, '', '', held(eight <= 100, '≤ 100 ms')])
const growth = sixteen / eight
rows.push(['one event of 16 MiB', `${sixteen.toFixed(1)} ms`, '', `${growth.toFixed(2)} × of 8`, held(growth <= 2.2, '≤ 2.2 ×')])
rows.push(['a comment of 1 GiB', `${native('comment/1024').toFixed(1)} ms`, '', '', ''])

const table = [['events of 259 bytes', 'sluice', 'eventsource-parser', 'ratio', 'target'], ...rows]
const widths = table[0].map((_, column) => Math.max(...table.map((cells) => cells[column].length)))
for (const cells of table) console.log(cells.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd())
if (rows.some((cells) => cells[4].endsWith('MISSED'))) process.exitCode = 1
