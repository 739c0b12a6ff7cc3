// An earlier answer with coloured code, as the page makes it: spans in closed fences. It is built before
// anything is measured and is the same for every renderer.

/** How many coloured spans a block has. */
const SPANS = 500;

const CLASSES = ['hljs-keyword', 'hljs-string', 'hljs-title', 'hljs-number', 'hljs-comment', 'hljs-type'];
const WORDS = ['let', '"text"', 'take', '4096', '// why', 'Vec'];

/** Fills an element with blocks of code that have `count` coloured spans together. */
export function fillWithCode(element, count) {
  for (let made = 0; made < count; made += SPANS) {
    element.append(block(Math.min(SPANS, count - made)));
  }
}

function block(count) {
  const code = document.createElement('code');
  for (let index = 0; index < count; index += 1) {
    const span = document.createElement('span');
    const kind = (index * 7) % CLASSES.length;
    span.className = CLASSES[kind];
    span.textContent = WORDS[kind];
    code.append(span, index % 6 === 5 ? '\n' : ' ');
  }
  const pre = document.createElement('pre');
  pre.append(code);
  const bar = made('div', 'code-bar', made('span', 'code-language', 'rust'), made('button', 'copy', 'Copy'));
  return made('div', 'code', bar, pre);
}

function made(name, className, ...children) {
  const element = document.createElement(name);
  element.className = className;
  element.append(...children);
  return element;
}
