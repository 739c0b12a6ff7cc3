// The Markdown that is streamed: made from a seed, so that it is the same for everybody. Chapters of
// about 10 KB hold the same mix of pieces in another order and with other words, so that any tenth of a
// long text is as hard to draw as any other.

const ENGLISH = [
  'A reader that is behind takes one larger piece, and **nobody else** has to wait for it.',
  'The buffer grows at its end only; what was written before is *never* looked at again.',
  'Call `registry.attach(id, offset)` with the last offset, and the stream goes on from there.',
  'Most of the time is spent in the network, which is why a [cursor](https://example.com/cursor) is cheap.',
  'It took three weeks to find out that the proxy in between kept eight kilobytes back.',
  'If the process dies here, what had been saved is still in the write-ahead log.',
  'Note that ***both*** ends have to agree on the length before either of them may close.',
  'The old interface is ~~deprecated~~ gone, see `CHANGELOG.md` and the notes on version 2.',
  'That makes the cost $O(n)$ in the length of the answer and $O(1)$ for each token of it.',
  'For small values the error is below $\\epsilon = 10^{-6}$, so it can be left out.',
  'In practice a queue of this kind is either empty or full, and both are bad in their own way.',
  'There are two exceptions to the rule, and they are listed at <https://example.com/rules>.',
  'Whoever reads this first should know that the numbers come from a *single* machine.',
  'A lock that is held across an `await` point will sooner or later be held for too long.',
  'Start with the simplest thing: one thread, one file, one `loop` and a clear way out of it.',
  'It is tempting to add a cache here. **Do not**, before a measurement says so.',
];

const CHINESE = [
  '读者落后时会一次拿到更大的一段，**其他人**不需要等待它。',
  '缓冲区只在末尾增长，之前写下的内容*不会*再被查看。',
  '调用 `registry.attach(id, offset)` 并传入最后的偏移量，流就会从那里继续。',
  '大部分时间花在网络上，因此[游标](https://example.com/cursor)的代价很低。',
  '我们用了三个星期才发现，中间的代理一直扣留着八千字节。',
  '如果进程在这里崩溃，已经保存的内容仍然在预写日志里。',
  '这样一来，整个回答的代价是 $O(n)$，每个词元的代价是 $O(1)$。',
  '请先测量，再决定是否需要缓存；没有数据的优化往往只会增加复杂度。',
];

const CODE = [
  ['rust', 'pub fn take(&mut self, bytes: &[u8]) -> Result<usize, Error> {\n    let end = memchr(b\'\\n\', bytes).unwrap_or(bytes.len());\n    self.line.extend_from_slice(&bytes[..end]);\n    // A line that never ends must not fill the memory.\n    if self.line.len() > MAX_LINE {\n        return Err(Error::TooLong { limit: MAX_LINE });\n    }\n    Ok(end)\n}\n'],
  ['python', 'def chunks(text: str, size: int = 4):\n    """Cuts a text into pieces of equal length."""\n    for start in range(0, len(text), size):\n        yield text[start:start + size]\n\n\nif __name__ == "__main__":\n    print(sum(1 for _ in chunks("x" * 1000)))\n'],
  ['typescript', 'export async function* lines(stream: ReadableStream<Uint8Array>) {\n  let rest = \'\';\n  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {\n    const parts = (rest + piece).split(\'\\n\');\n    rest = parts.pop() ?? \'\';\n    yield* parts;\n  }\n}\n'],
  ['json', '{\n  "id": "7f0c",\n  "events": [\n    { "t": "text", "d": "Hello" },\n    { "t": "end", "length": 5 }\n  ]\n}\n'],
  ['sql', 'select answer, sum(length(body)) as bytes\nfrom pieces\nwhere created > date(\'now\', \'-1 day\')\ngroup by answer\norder by bytes desc\nlimit 20;\n'],
];

const TITLES = ['What happens at the end', 'Offsets and cursors', 'Why not a queue?', '为什么不用队列', 'Measurements', 'Known limits'];

/** mulberry32: small, and the same everywhere. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Pieces of Markdown, by a source of chance. */
function pieces(chance) {
  const pick = (list) => list[Math.floor(chance() * list.length)];
  const some = (count, make) => Array.from({ length: count }, make);
  const sentence = () => pick(ENGLISH);
  const line = () => pick(chance() < 0.3 ? CHINESE : ENGLISH);
  const number = () => (chance() * 1000).toFixed(1);
  return {
    heading: () => `## ${pick(TITLES)}\n\n`,
    paragraph: () => `${some(5, sentence).join(' ')}\n\n`,
    chinese: () => `${some(6, () => pick(CHINESE)).join('')}\n\n`,
    list: () => `${some(6, () => `- ${line()}\n`).join('')}\n`,
    nested: () => `${some(3, () => `1. **${pick(TITLES)}.** ${line()}\n   - ${line()}\n   - ${line()}\n`).join('')}\n`,
    tasks: () => `${some(4, (_, index) => `- [${index % 2 ? ' ' : 'x'}] ${line()}\n`).join('')}\n`,
    code: () => {
      const [language, code] = pick(CODE);
      return `\`\`\`${language}\n${code}\`\`\`\n\n`;
    },
    table: () => {
      const rows = some(8, (_, index) => `| run ${index + 1} | ${number()} | ${number()} | ${pick(TITLES)} |\n`);
      return `| name | before | after | what |\n|---|---:|---:|:---|\n${rows.join('')}\n`;
    },
    quote: () => `> ${sentence()} ${sentence()}\n>\n> ${line()}\n\n`,
    formula: () => `$$\n\\sum_{i=0}^{n} x_i^2 = \\frac{a + b}{${1 + Math.floor(chance() * 99)}}\n$$\n\n`,
    rule: () => '---\n\n',
  };
}

const MIX = [
  ...Array(6).fill('paragraph'),
  ...Array(3).fill('chinese'),
  ...Array(4).fill('code'),
  ...Array(2).fill('list'),
  ...Array(2).fill('table'),
  ...Array(2).fill('quote'),
  ...Array(2).fill('formula'),
  'nested',
  'tasks',
  'rule',
];

/** One chapter: a heading, then the mix in any order. */
function chapter(make, chance) {
  const order = MIX.map((name) => [chance(), name]).sort(([a], [b]) => a - b);
  return make.heading() + order.map(([, name]) => make[name]()).join('');
}

/** What one long block of a kind begins with, and what it goes on with. */
const SHAPES = {
  paragraph: ['', (make) => make.paragraph().trim() + ' '],
  code: ['```rust\n', () => CODE[0][1]],
  list: ['', (make) => make.list().trim() + '\n'],
  table: ['| name | before | after | what |\n|---|---:|---:|:---|\n', (make) => make.table().split('\n').slice(2).join('\n').trim() + '\n'],
  quote: ['', (make) => `> ${make.paragraph().trim()}\n>\n`],
};

/** The names of what `text` can make. */
export const KINDS = ['mixed', ...Object.keys(SHAPES)];

/** Markdown of `bytes` bytes (a character less, if it would be cut). */
export function text(bytes, { seed = 1, kind = 'mixed' } = {}) {
  const chance = random(seed);
  const make = pieces(chance);
  const [begin, more] = kind === 'mixed' ? ['', () => chapter(make, chance)] : SHAPES[kind];
  const parts = [begin];
  const encoder = new TextEncoder();
  for (let length = begin.length; length < bytes; ) {
    const part = more(make);
    parts.push(part);
    length += encoder.encode(part).length;
  }
  const all = encoder.encode(parts.join('')).subarray(0, bytes);
  return new TextDecoder().decode(all).replace(/\ufffd+$/, '');
}

/** Cuts a text into tokens of at most four bytes, never inside a character. */
export function tokens(source) {
  const all = [];
  let token = '';
  let length = 0;
  for (const character of source) {
    const code = character.codePointAt(0);
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (length + size > 4) {
      all.push(token);
      token = '';
      length = 0;
    }
    token += character;
    length += size;
  }
  if (token) all.push(token);
  return all;
}
