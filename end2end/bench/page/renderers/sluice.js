// Ours: the page's own components and its own state, which take events as they come from the stream.

/** Built by ../../renderer, and not bundled: it loads its module from beside itself. */
const ADDRESS = '/pkg/sluice_bench_renderer.js';

/** The page's function gives code its colours: nobody has them in here. */
window.finishedCode = () => {};

export async function make() {
  const { default: init, Renderer } = await import(ADDRESS);
  const exports = await init();
  let renderer;
  let body;
  let last = '';
  let next = 0;
  /** A flush may leave some of its drawing to the next frames: nothing has changed since it was asked last. */
  const isStill = () => {
    const before = last;
    body ??= document.querySelector('.answer:last-child .md');
    const group = body?.lastElementChild;
    last = `${body?.childElementCount} ${group?.childElementCount} ${group?.lastElementChild?.textContent}`;
    return last === before;
  };
  return {
    whole: true,
    // A read of 64 KB from the network holds about so many events.
    perTask: 1000,
    mount(element, tokens) {
      renderer = new Renderer(element);
      for (const token of tokens) renderer.prepare(token);
    },
    push: () => renderer.push(next++),
    end: () => renderer.end(),
    isDrawn: () => renderer.is_drawn() && isStill(),
    wasmBytes: () => exports.memory.buffer.byteLength,
  };
}
