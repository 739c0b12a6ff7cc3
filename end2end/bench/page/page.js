// The page of the benchmark: one answer that grows, below others if the scenario says so, followed to
// its end as the chat page does. run.mjs calls `bench.prepare` and then `bench.run`.

import { fillWithCode } from './above.js';
import { watchFrames } from './frames.js';
import { renderers } from './renderers.js';
import { text, tokens } from './text.js';

/** A burst leaves the frame to the browser after this long, as the chat page's flush does. */
const BUDGET_MS = 8;

/** A run is stopped after this long, and says how far it got. */
const LIMIT_MS = 90_000;

/** Calls `step` in every frame until it says that it is done. */
const eachFrame = (step) =>
  new Promise((resolve) => {
    const frame = () => (step() ? resolve() : requestAnimationFrame(frame));
    requestAnimationFrame(frame);
  });

/** After the next frame is drawn: a task that is ordered in a frame comes behind its layout and paint. */
const drawnFrame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

let renderer;
let parts;
let spec;

/** Everything that is there before the measurement. */
async function prepare(wanted) {
  spec = wanted;
  const transcript = document.querySelector('.transcript');
  if (spec.above) fillWithCode(answer(transcript, true), spec.above);
  await loadFonts(transcript);
  const all = text(spec.before + spec.bytes, { kind: spec.kind });
  parts = tokens(all);
  const { make } = await renderers[spec.renderer]();
  renderer = await make();
  await renderer.mount(answer(transcript, !renderer.whole), parts);
  follow(transcript);
  const before = tokens(text(spec.before, { kind: spec.kind })).length;
  await burst(parts.splice(0, before));
  await drawnFrame();
}

/** A browser that has just started looks for each font when it first needs it, which holds up everybody alike. */
async function loadFonts(transcript) {
  const body = answer(transcript, true);
  for (const name of ['p', 'em', 'strong', 'h2', 'code', 'pre']) {
    const element = document.createElement(name);
    element.textContent = 'Words, 一些文字 – λ ≤ ∑ → “1”';
    body.append(element);
  }
  const formula = document.createElementNS('http://www.w3.org/1998/Math/MathML', 'math');
  formula.append(document.createElementNS(formula.namespaceURI, 'mi'));
  formula.firstChild.textContent = 'O';
  body.append(formula);
  await drawnFrame();
  await document.fonts.ready;
  await drawnFrame();
  body.parentElement.remove();
}

/** An answer of the transcript, and in it the element for its text unless somebody else brings that. */
function answer(transcript, withText) {
  const article = document.createElement(withText ? 'article' : 'div');
  if (withText) article.className = 'message answer';
  transcript.append(article);
  if (!withText) return article;
  const body = document.createElement('div');
  body.className = 'md';
  article.append(body);
  return body;
}

/** As the chat page does it: after layout and before the frame is drawn. */
function follow(transcript) {
  const page = document.scrollingElement;
  new ResizeObserver(() => (page.scrollTop = page.scrollHeight)).observe(transcript);
}

let sent = 0;

function push(token) {
  renderer.push(token);
  sent += token.length;
}

/** Until all that was sent is drawn. */
async function settled(deadline = Infinity) {
  await eachFrame(() => renderer.isDrawn() || performance.now() >= deadline);
  await drawnFrame();
}

/** All of it is there at once: as much per frame as there is time for, or per task as a read brings. */
async function burst(all, deadline = Infinity) {
  let next = 0;
  const isOver = () => next === all.length || performance.now() >= deadline;
  if (renderer.perTask) {
    while (!isOver()) {
      for (const end = Math.min(all.length, next + renderer.perTask); next < end; ) push(all[next++]);
      await new Promise((resolve) => (ports.port1.onmessage = resolve) && ports.port2.postMessage(null));
    }
    return settled(deadline);
  }
  await eachFrame(() => {
    const began = performance.now();
    while (next < all.length && !(renderer.eager && performance.now() - began > BUDGET_MS)) push(all[next++]);
    return isOver();
  });
  await settled(deadline);
}

/** Tasks without the delay of a timer. */
const ports = new MessageChannel();

/** So many tokens in each frame, whatever they cost. */
async function steady(all, deadline) {
  let next = 0;
  await eachFrame(() => {
    for (const end = Math.min(all.length, next + spec.perFrame); next < end; ) push(all[next++]);
    return next === all.length || performance.now() >= deadline;
  });
  await settled(deadline);
}

/** So many tokens a second, in tasks of their own, as a network would bring them. */
async function paced(all, deadline) {
  const began = performance.now();
  let next = 0;
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = ((performance.now() - began) * spec.perSecond) / 1000;
      while (next < all.length && next < due) push(all[next++]);
      if (next < all.length && performance.now() < deadline) return;
      clearInterval(timer);
      resolve();
    }, 1000 / spec.perSecond);
  });
  await settled(deadline);
}

const modes = { burst, steady, paced };

/** Streams, and tells `mark` at the borders of the first and the last tenth, where there are any. */
async function run() {
  const watch = watchFrames();
  const tenth = Math.floor(parts.length / 10);
  const borders = spec.mode === 'burst' ? [parts.length] : [tenth, parts.length - 2 * tenth, tenth];
  const before = sent;
  const began = performance.now();
  const deadline = began + LIMIT_MS;
  watch.start();
  await window.mark();
  let taken = 0;
  for (const length of borders) {
    await modes[spec.mode](parts.slice(taken, taken + length), deadline);
    taken += length;
    if (performance.now() >= deadline) break;
    await window.mark();
  }
  const took = performance.now() - began;
  const seen = watch.stop();
  const total = parts.join('').length;
  renderer.end();
  await settled();
  const finished = sent - before === total && took < LIMIT_MS;
  return { ...seen, took, share: (sent - before) / total, finished, tokens: parts.length, nodes: document.querySelectorAll('.transcript *').length };
}

/** Bytes that the page holds, the WASM's memory included, after a collection. */
async function memory() {
  const { bytes } = await performance.measureUserAgentSpecificMemory();
  return { bytes, wasm: renderer?.wasmBytes?.() ?? 0 };
}

window.bench = { prepare, run, memory };
