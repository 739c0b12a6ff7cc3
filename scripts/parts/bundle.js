// Bundles what the page loads from npm packages into public/parts, where it is committed: building
// Sluice needs no bundler. `--check` says whether what is there is what the locked packages make.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, '../../public/parts');

/** highlight.js can also colour an element itself, by setting its HTML. Nobody calls that, and it must not be there. */
const withoutHtml = {
  name: 'without-html',
  setup({ onLoad }) {
    onLoad({ filter: /highlight\.js\/lib\/core\.js$/ }, ({ path: file }) => {
      const source = readFileSync(file, 'utf8');
      const begin = source.indexOf('  function highlightElement(element) {');
      const end = source.indexOf('\n  }\n', begin);
      if (begin < 0 || end < 0) throw new Error(`${file} has no highlightElement: look what has become of it`);
      return { contents: `${source.slice(0, begin)}  function highlightElement() {${source.slice(end)}` };
    });
  },
};

/** Mermaid's second way to lay out a graph: a third of all its code, under a licence of its own, and for those who ask for it by name. */
const withoutElk = {
  name: 'without-elk',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^elkjs/ }, () => ({ path: 'elkjs', namespace: 'left-out' }));
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({
      contents: 'export default class { layout() { return Promise.reject(new Error("no ELK here")); } }',
    }));
  },
};

const PARTS = [
  { entry: 'code.ts', format: 'esm', plugins: [] },
  { entry: 'colours.ts', format: 'esm', plugins: [withoutHtml] },
  { entry: 'diagram.ts', format: 'iife', plugins: [withoutElk] },
];

async function bundle({ entry, format, plugins }) {
  const result = await build({
    entryPoints: [path.join(here, entry)],
    absWorkingDir: here,
    bundle: true,
    minify: true,
    format,
    plugins,
    target: 'es2022',
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  return { name: entry.replace('.ts', '.js'), text: result.outputFiles[0].text, inputs: Object.keys(result.metafile.inputs) };
}

/** The folders of the packages that these files are from. */
function packagesOf(inputs) {
  const folders = inputs.map((file) => file.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean);
  return [...new Set(folders)].sort();
}

/** What the licences of all that is in the bundles ask to be passed on. */
function notices(inputs) {
  const notes = packagesOf(inputs).map((folder) => {
    const about = JSON.parse(readFileSync(path.join(here, folder, 'package.json'), 'utf8'));
    const files = readdirSync(path.join(here, folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
    const texts = files.map((file) => readFileSync(path.join(here, folder, file), 'utf8').trim());
    const author = typeof about.author === 'string' ? about.author : about.author?.name;
    const text = texts.join('\n\n') || `No text of the licence comes with it.${author ? ` By ${author}.` : ''}`;
    const licence = typeof about.license === 'string' ? about.license : (about.license?.type ?? 'see below');
    return `${about.name} ${about.version} (${licence})\n\n${text.replace(/\r\n?/g, '\n')}\n`;
  });
  const head = 'The scripts in this folder contain code of these packages.\n';
  return [head, ...notes].join(`\n${'-'.repeat(80)}\n\n`);
}

const bundles = await Promise.all(PARTS.map(bundle));
const files = new Map(bundles.map(({ name, text }) => [name, text]));
files.set('LICENCES.txt', notices(bundles.flatMap(({ inputs }) => inputs)));

if (process.argv.includes('--check')) {
  const stale = [...files].filter(([name, text]) => {
    const file = path.join(out, name);
    return !existsSync(file) || readFileSync(file, 'utf8') !== text;
  });
  const foreign = readdirSync(out).filter((name) => !files.has(name));
  if (stale.length + foreign.length > 0) {
    const names = [...stale.map(([name]) => name), ...foreign];
    console.error(`sluice: not what scripts/bundle makes in public/parts: ${names.join(', ')}`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(out, { recursive: true });
  for (const [name, text] of files) {
    writeFileSync(path.join(out, name), text);
    console.log(`${name.padEnd(16)}${text.length} bytes`);
  }
}
