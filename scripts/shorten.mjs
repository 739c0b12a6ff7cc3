// Makes the page's program lighter, between the two halves of a release build (scripts/release), and
// compresses the files of the page:
//
// - What the glue exports and nobody makes is cut: classes of a dependency, and with them the code in the
//   module that only they reach.
// - Functions that look alike stand side by side, which is what brotli likes: those of one type together,
//   and among them those of one name, which are one generic function written out for several types.
// - Module and glue name what they share by long names that end in a hash. They get short ones.
// - What the build says about itself is taken out of the modules, and the comments out of the loader.
//
// Nothing is guessed: each step looks for what it knows of wasm-bindgen's output, and a build whose output
// is of another shape fails. In the end the result is linked, as a browser would.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import zlib from 'node:zlib';

const site = path.resolve(process.argv[2] ?? 'target/site');
const file = (name) => path.join(site, 'pkg', name);
const MODULE = file('sluice.wasm');
const GLUE = file('sluice.js');
/** The name under which cargo-leptos has the parts' loader imported. */
const LOADER = './__wasm_split.______________________.js';
/** What others than the glue name: the document's script, and the parts and their loader. */
const KEPT = ['hydrate', 'memory', '__indirect_function_table', '__wasm_split_shared0'];
/** What the glue must still export. */
const WANTED = ['default', 'hydrate', 'initSync'];

function check(holds, sentence) {
  if (!holds) throw new Error(`the build is not as scripts/shorten.mjs knows it: ${sentence}`);
}

// --- The glue ------------------------------------------------------------------------------------

/** The end of the block whose opening brace is at `at`: behind its closing one. */
function blockEnd(text, at) {
  check(text[at] === '{', `no block at ${at}`);
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const c = text[i];
    if (c === '"' || c === "'") i = stringEnd(text, i);
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i + 1;
  }
  throw new Error('a block of the glue does not end');
}

function stringEnd(text, at) {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === text[at]) return i;
  }
  throw new Error('a string of the glue does not end');
}

/** Without the classes that it exports: nobody imports them. */
function withoutClasses(glue) {
  for (let found = glue.match(/export class (\w+)\{/); found; found = glue.match(/export class (\w+)\{/)) {
    const [head, name] = found;
    const end = blockEnd(glue, found.index + head.length - 1);
    const dispose = `Symbol.dispose&&(${name}.prototype[Symbol.dispose]=${name}.prototype.free);`;
    check(glue.startsWith(dispose, end), `class ${name} is not followed by its disposal`);
    glue = glue.slice(0, found.index) + glue.slice(end + dispose.length);
    check(!new RegExp(`\\b${name}\\b`).test(glue), `class ${name} is used`);
  }
  return glue;
}

/** Without the registries that freed what those classes held. */
function withoutRegistries(glue) {
  const registry = new RegExp(
    String.raw`,([\w$]+)="u"<typeof FinalizationRegistry\?\{register:\(\)=>\{\},unregister:\(\)=>\{\}\}` +
      String.raw`:new FinalizationRegistry\((\w+)=>\w+\.__wbg_\w+_free\(\2,1\)\)`,
    'g',
  );
  return glue.replace(registry, (all, name) => {
    const used = new RegExp(String.raw`(?<![\w$.])${escaped(name)}\.(un)?register\b`).test(glue);
    check(!used, `the registry ${name} is used`);
    return '';
  });
}

/** Without the functions that the module does not import any more. */
function withoutFunctions(glue, names) {
  for (const name of names) {
    const head = new RegExp(`,?${escaped(name)}:function\\([^)]*\\)`).exec(glue);
    check(head, `there is no function ${name}`);
    const end = blockEnd(glue, head.index + head[0].length);
    const comma = head[0].startsWith(',') || glue[end] !== ',' ? 0 : 1;
    glue = glue.slice(0, head.index) + glue.slice(end + comma);
  }
  return glue;
}

function escaped(name) {
  return name.replace(/[.$]/g, '\\$&');
}

// --- The module ----------------------------------------------------------------------------------

/** A module's sections, read as far as names, types and lengths go. */
class Module {
  constructor(bytes) {
    check(bytes.readUInt32LE(0) === 0x6d736100, 'the module is no WebAssembly');
    this.sections = [];
    const reader = new Reader(bytes, 8);
    while (reader.at < bytes.length) {
      const id = reader.byte();
      const content = reader.bytes(reader.number());
      const name = id === 0 ? new Reader(content, 0).text() : '';
      this.sections.push({ id, name, content });
    }
  }

  section(id, name = '') {
    return this.sections.find((section) => section.id === id && section.name === name);
  }

  /** The functions that are in it: the index among all, the type, the length and the name of each. */
  functions() {
    // What parts share may be optimised away in the end.
    if (!this.section(3)) return [];
    const first = this.imports().filter(({ rest }) => rest[0] === 0).length;
    const types = new Reader(this.section(3).content, 0);
    const code = new Reader(this.section(10).content, 0);
    const type = types.list(() => types.number());
    const length = code.list(() => code.bytes(code.number()).length);
    const names = this.names();
    check(type.length === length.length, 'there are not as many types as functions');
    return type.map((type, n) => ({ index: first + n, type, length: length[n], name: names.get(first + n) ?? '' }));
  }

  /** Names of functions by index, as `wasm-opt -g` leaves them there. */
  names() {
    const section = this.section(0, 'name');
    check(section, 'a module has no names');
    const reader = new Reader(section.content, 0);
    reader.text();
    while (reader.at < reader.content.length) {
      const [kind, length] = [reader.byte(), reader.number()];
      if (kind === 1) return new Map(reader.list(() => [reader.number(), reader.text()]));
      reader.bytes(length);
    }
    return check(false, 'a module has no names of functions');
  }

  setNames(names) {
    const list = Buffer.concat([number(names.length), ...names.flatMap(([index, name]) => [number(index), text(name)])]);
    this.section(0, 'name').content = Buffer.concat([text('name'), Buffer.from([1]), number(list.length), list]);
  }

  imports() {
    if (!this.section(2)) return [];
    const reader = new Reader(this.section(2).content, 0);
    return reader.list(() => {
      const [module, name] = [reader.text(), reader.text()];
      const begin = reader.at;
      const kind = reader.byte();
      if (kind === 0) reader.number();
      else if (kind === 3) reader.bytes(2);
      else if (kind === 2) reader.limits();
      else if (kind === 1) reader.table();
      else check(false, `the import ${name} is of an unknown kind`);
      return { module, name, rest: reader.content.subarray(begin, reader.at) };
    });
  }

  exports() {
    const reader = new Reader(this.section(7).content, 0);
    return reader.list(() => {
      const name = reader.text();
      const begin = reader.at;
      reader.byte();
      reader.number();
      return { name, rest: reader.content.subarray(begin, reader.at) };
    });
  }

  setImports(imports) {
    const content = imports.flatMap(({ module, name, rest }) => [text(module), text(name), rest]);
    this.section(2).content = Buffer.concat([number(imports.length), ...content]);
  }

  setExports(exports) {
    this.section(7).content = Buffer.concat([number(exports.length), ...exports.flatMap(({ name, rest }) => [text(name), rest])]);
  }

  /** Without what the build says about itself, unless all is wanted. */
  bytes(all = false) {
    const kept = this.sections.filter(({ id }) => all || id !== 0);
    const head = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    return Buffer.concat([head, ...kept.flatMap(({ id, content }) => [Buffer.from([id]), number(content.length), content])]);
  }
}

class Reader {
  constructor(content, at) {
    this.content = content;
    this.at = at;
  }

  byte() {
    return this.content[this.at++];
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  bytes(length) {
    this.at += length;
    return this.content.subarray(this.at - length, this.at);
  }

  text() {
    return this.bytes(this.number()).toString();
  }

  limits() {
    if (this.byte() & 1) this.number();
    this.number();
  }

  table() {
    this.byte();
    this.limits();
  }

  list(item) {
    return Array.from({ length: this.number() }, item);
  }
}

function number(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}

function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}

// --- The steps -----------------------------------------------------------------------------------

/** Short names: a, b, … z, A, …, aa, … */
function* shortNames() {
  const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  yield* letters;
  for (const first of letters) for (const second of letters) yield first + second;
}

/** Takes out of the module what the glue does not name any more; says what that was. */
function dropExports(module, glue) {
  const exports = module.exports();
  const used = exports.filter(({ name }) => KEPT.includes(name) || new RegExp(String.raw`\.${escaped(name)}\b`).test(glue));
  for (const name of KEPT) check(exports.some((other) => other.name === name), `the module does not export ${name}`);
  module.setExports(used);
  return exports.filter((other) => !used.includes(other)).map(({ name }) => name);
}

/** Puts functions side by side that look alike, and takes out what nothing reaches. */
function sortFunctions(name, module) {
  const path = (mangled) => {
    // What stands in front of the hash that each copy has of its own.
    const found = /^_ZN(.*?)(17h[0-9a-f]{16})?E/.exec(mangled);
    return found ? found[1] : mangled;
  };
  const functions = module.functions();
  if (functions.length === 0) return module;
  const keyed = functions.map(({ index, type, length, name }) => ({ index, type, length, path: path(name) }));
  keyed.sort((a, b) => a.type - b.type || compare(a.path, b.path) || a.length - b.length || a.index - b.index);
  // wasm-opt sorts by name.
  module.setNames(keyed.map(({ index }, place) => [index, `f${`${place}`.padStart(6, '0')}`]).sort(([a], [b]) => a - b));
  // It reads in the other sections which features the module makes use of.
  writeFileSync(file(name), module.bytes(true));
  const passes = ['--remove-unused-module-elements', '--reorder-functions-by-name'];
  execFileSync('wasm-opt', [...passes, file(name), '-o', file(name)], { stdio: 'inherit' });
  return new Module(readFileSync(file(name)));
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The functions that the glue offers to the module. */
function offered(glue) {
  return [...glue.matchAll(/[{,]((?:__wbg_|__wbindgen_)\w+):function\(/g)].map(([, name]) => name);
}

/** Gives what module and glue share short names in both. */
function rename(module, glue) {
  const names = shortNames();
  const [begin, end] = ['"./sluice_bg.js":{', `"${LOADER}":`];
  check(glue.split(begin).length === 2, 'the glue offers its functions more or less than once');
  check(glue.includes(end), 'the glue offers no loader');
  const short = new Map();
  const imports = module.imports().map((one) => {
    if (one.module !== './sluice_bg.js') return one;
    const name = names.next().value;
    check(glue.split(new RegExp(`\\b${escaped(one.name)}:function\\(`)).length === 2, `there is not one function ${one.name}`);
    short.set(`${one.name}:`, `${name}:`);
    return { ...one, module: '_', name };
  });
  module.setImports(imports);
  const exports = module.exports().map((one) => {
    if (KEPT.includes(one.name)) return one;
    const name = names.next().value;
    short.set(`.${one.name}`, `.${name}`);
    return { ...one, name };
  });
  module.setExports(exports);
  // A name that is the beginning of another one does not take its place.
  const pattern = new RegExp(
    [...short.keys()].map((key) => (key.endsWith(':') ? `\\b${escaped(key)}` : `${escaped(key)}(?![\\w$])`)).join('|'),
    'g',
  );
  return glue.replace(pattern, (name) => short.get(name)).replace(begin, '_:{');
}

/** Without comments, and without white space at the edges of lines. */
function shortenLoader() {
  const loader = readFileSync(file(LOADER), 'utf8');
  check(!/[`]/.test(loader), 'the loader has a text of more lines');
  const lines = loader.replace(/\/\*.*?\*\//gs, '').split('\n').map((line) => line.trim());
  writeFileSync(file(LOADER), lines.filter((line) => line && !line.startsWith('//')).join('\n'));
}

/** Links the result as a browser does, but for running it. */
async function link() {
  const scratch = mkdtempSync(path.join(tmpdir(), 'sluice-link-'));
  // Node takes a script for a module where a package says so.
  writeFileSync(path.join(scratch, 'package.json'), '{"type":"module"}');
  for (const name of ['sluice.js', LOADER]) copyFileSync(file(name), path.join(scratch, name));
  const glue = await import(pathToFileURL(path.join(scratch, 'sluice.js')));
  rmSync(scratch, { recursive: true });
  check(WANTED.every((name) => name in glue), `the glue exports ${Object.keys(glue)}`);
  const exports = glue.initSync({ module: readFileSync(MODULE) });
  for (const name of KEPT) check(name in exports, `the shortened module does not export ${name}`);
}

/** Beside each file of the site the variants that are sent. */
function compress() {
  for (const entry of readdirSync(site, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /\.(br|gz)$/.test(entry.name)) continue;
    const full = path.join(entry.parentPath ?? entry.path, entry.name);
    const content = readFileSync(full);
    writeFileSync(`${full}.br`, brotli(content));
    writeFileSync(`${full}.gz`, zlib.gzipSync(content, { level: 9 }));
  }
}

function brotli(content) {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants;
  return zlib.brotliCompressSync(content, { params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_SIZE_HINT]: content.length } });
}

// --- What is done --------------------------------------------------------------------------------

let glue = withoutRegistries(withoutClasses(readFileSync(GLUE, 'utf8')));
let module = new Module(readFileSync(MODULE));
const dropped = dropExports(module, glue);
module = sortFunctions('sluice.wasm', module);
const imported = new Set(module.imports().map(({ name }) => name));
const needless = offered(glue).filter((name) => !imported.has(name));
glue = rename(module, withoutFunctions(glue, needless));
writeFileSync(GLUE, glue);
writeFileSync(MODULE, module.bytes());
shortenLoader();
const parts = readdirSync(path.dirname(MODULE)).filter((name) => /^(split|chunk)_.*\.wasm$/.test(name));
for (const name of parts) writeFileSync(file(name), sortFunctions(name, new Module(readFileSync(file(name)))).bytes());
await link();
compress();
console.log(`shortened: without ${dropped.length} exports and ${needless.length} functions of the glue; ${parts.length} parts`);
