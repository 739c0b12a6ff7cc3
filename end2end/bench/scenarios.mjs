// What is measured. Bytes are of Markdown in tokens of four bytes (a Chinese character is one of three).

const KB = 1000;
const MB = 1000 * KB;

/** Tokens a second in a paced run, and how long one takes. */
const PER_SECOND = 100;
const PACED_SECONDS = 30;

const paced = (before, bytes, above = 0) => ({ mode: 'paced', perSecond: PER_SECOND, before, bytes, above });
const appended = (before, above) => paced(before, PACED_SECONDS * PER_SECOND * 4, above);
const burst = (bytes, above = 0) => ({ mode: 'burst', before: 0, bytes, above });
/** From 1 KB on, in a thousand frames of so many tokens. */
const growth = (bytes, kind) => ({ mode: 'steady', before: KB, bytes: bytes - KB, above: 0, perFrame: bytes / 4 / 1000, kind });

const PEERS = ['streaming-markdown', 'marked', 'streamdown'];
const ALL = ['sluice', ...PEERS];
/** Those whose cost is not out of all proportion at 1 MB. */
const LINEAR = ['sluice', 'streaming-markdown'];
const COLOURED = 20_000;

/** Name, sentence, specification, and who takes part. */
export const scenarios = [
  ['paced-20k', '20 KB at 100 tokens/s', paced(0, 20 * KB), ALL],
  ['paced-on-10k', '30 s at 100 tokens/s behind 10 KB', appended(10 * KB), ALL],
  ['paced-on-100k', '30 s at 100 tokens/s behind 100 KB', appended(100 * KB), ALL],
  ['paced-on-1m', '30 s at 100 tokens/s behind 1 MB', appended(MB), ALL],
  ['paced-coloured', '30 s at 100 tokens/s behind 10 KB, below 20,000 coloured code tokens', appended(10 * KB, COLOURED), ALL],
  ['burst-100k', '100 KB at once', burst(100 * KB), ALL],
  ['burst-1m', '1 MB at once', burst(MB), ['sluice', 'streaming-markdown', 'streamdown']],
  ['burst-coloured', '100 KB at once, below 20,000 coloured code tokens', burst(100 * KB, COLOURED), ALL],
  ['growth-100k', 'from 1 KB to 100 KB in 1,000 frames of 25 tokens', growth(100 * KB), ALL],
  ['growth-1m', 'from 1 KB to 1 MB in 1,000 frames of 250 tokens', growth(MB), LINEAR],
].map(([name, about, spec, renderers]) => ({ name, about, spec: { kind: 'mixed', ...spec }, renderers }));

/** One block that grows to 1 MB: asked for by name only. */
export const shapes = ['paragraph', 'code', 'list', 'table', 'quote'].map((kind) => ({
  name: `shape-${kind}`,
  about: `one ${kind} from 1 KB to 1 MB in 1,000 frames of 250 tokens`,
  spec: growth(MB, kind),
  renderers: LINEAR,
}));

/** The same, in less time and with less to be said for the figures. */
export function quick(scenario) {
  const { spec } = scenario;
  return spec.mode === 'paced' ? { ...scenario, spec: { ...spec, bytes: spec.bytes / 3 } } : scenario;
}
