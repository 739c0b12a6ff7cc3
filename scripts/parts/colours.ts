/**
 * The colours of code: lowlight's tree as spans, made once for each block that is finished.
 *
 * Nothing here makes markup from text: every node is built, and all text goes in as text.
 */
import { createLowlight } from 'lowlight';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import markdown from 'highlight.js/lib/languages/markdown';
import python from 'highlight.js/lib/languages/python';
import rust from 'highlight.js/lib/languages/rust';
import shell from 'highlight.js/lib/languages/shell';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';

const lowlight = createLowlight({
  bash, c, cpp, csharp, css, diff, go, ini, java, javascript, json, markdown, python, rust, shell, sql,
  typescript, xml, yaml,
});

/** For how long the page may be kept busy at a time, in ms. Finding the tokens of a block is one call and can take longer. */
const SLICE = 8;

/** Which of our classes shows a scope of highlight.js; what is not here looks like what is around it. */
const CLASSES: Record<string, string> = {
  addition: 'added',
  attr: 'name',
  attribute: 'name',
  built_in: 'type',
  bullet: 'keyword',
  char: 'string',
  class: 'type',
  code: 'string',
  comment: 'comment',
  deletion: 'removed',
  doctag: 'comment',
  emphasis: 'emphasis',
  keyword: 'keyword',
  language: 'keyword',
  link: 'string',
  literal: 'number',
  meta: 'meta',
  name: 'keyword',
  number: 'number',
  property: 'name',
  quote: 'comment',
  regexp: 'string',
  section: 'title',
  'selector-attr': 'name',
  'selector-class': 'title',
  'selector-id': 'title',
  'selector-pseudo': 'name',
  'selector-tag': 'keyword',
  string: 'string',
  strong: 'strong',
  subst: '',
  symbol: 'string',
  'template-tag': 'meta',
  'template-variable': 'name',
  title: 'title',
  type: 'type',
  variable: 'name',
};

/** A piece of code that looks the same throughout: where it ends, and its class, or none. */
interface Run {
  end: number;
  className: string;
}

interface Tree {
  children: { type: string; value?: string; properties?: { className?: unknown }; children?: Tree['children'] }[];
}

interface Block {
  code: Element;
  language: string;
}

/** Those that wait. */
const waiting: Block[] = [];
let working = false;

/** Whether there are colours for a language of this name. */
export function knows(language: string): boolean {
  return lowlight.registered(language);
}

/** Colours the code in this element, soon. It must not change any more. */
export function colour(code: Element, language: string): void {
  if (!knows(language)) return;
  waiting.push({ code, language });
  if (!working) void work();
}

async function work(): Promise<void> {
  working = true;
  try {
    for (let block = waiting.shift(); block; block = waiting.shift()) {
      await pause();
      // What can't be coloured stays as it is, and is no reason to leave out the next one.
      await colourBlock(block).catch(() => {});
    }
  } finally {
    working = false;
  }
}

/** Lets the page do something else. A hidden page has no frames, so this does not wait for one. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

async function colourBlock({ code, language }: Block): Promise<void> {
  const text = code.textContent ?? '';
  const runs = runsOf(lowlight.highlight(language, text) as Tree);
  // Also with nothing in it.
  if (runs.at(-1)?.end !== text.length) return;
  await pause();
  const slice = { until: performance.now() + SLICE };
  let at = 0;
  let run = 0;
  for (const group of groupsOf(code)) {
    const begin = at;
    const end = begin + (group.textContent ?? '').length;
    const made = document.createDocumentFragment();
    while (at < end) {
      const { end: runEnd, className } = runs[run] as Run;
      const until = Math.min(runEnd, end);
      made.append(piece(text.slice(at, until), className));
      at = until;
      if (at === runEnd) run += 1;
      if (performance.now() >= slice.until) {
        await pause();
        slice.until = performance.now() + SLICE;
      }
    }
    // What was looked at does not stand there any more: it is not ours to change.
    if (group.textContent !== text.slice(begin, end)) return;
    keepingSelection(group, () => group.replaceChildren(made));
  }
}

/** The elements that hold all of the text: groups of lines, or the whole. */
function groupsOf(code: Element): Element[] {
  const children = [...code.childNodes];
  const grouped = children.every((child) => child instanceof Element && child.hasAttribute('data-piece'));
  return grouped ? (children as Element[]) : [code];
}

function piece(text: string, className: string): Node {
  if (!className) return document.createTextNode(text);
  const span = document.createElement('span');
  span.className = className;
  span.textContent = text;
  return span;
}

/** The tree laid flat: of scopes inside one another the innermost that we know decides. */
function runsOf(tree: Tree): Run[] {
  const runs: Run[] = [];
  let end = 0;
  const walk = (children: Tree['children'], className: string) => {
    for (const { value, properties, children: inner } of children) {
      if (value !== undefined) {
        end += value.length;
        const last = runs.at(-1);
        if (last?.className === className) last.end = end;
        else runs.push({ end, className });
      } else {
        walk(inner ?? [], classOf(properties?.className) ?? className);
      }
    }
  };
  walk(tree.children, '');
  return runs;
}

/** `title.class` is the class names `hljs-title class_`; the more special one goes first. */
function classOf(names: unknown): string | undefined {
  if (!Array.isArray(names)) return undefined;
  const scopes = names.map((name: string) => name.replace(/^hljs-|_+$/g, ''));
  const known = scopes.reverse().find((scope) => scope in CLASSES);
  const own = known === undefined ? undefined : CLASSES[known];
  return own ? `hl-${own}` : own;
}

/** Changes the nodes in `group`, but not its text, under a selection. */
function keepingSelection(group: Element, change: () => void): void {
  const selection = document.getSelection();
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection ?? {};
  const anchor = offsetIn(group, anchorNode, anchorOffset);
  const focus = offsetIn(group, focusNode, focusOffset);
  change();
  if (!selection || !anchorNode || !focusNode || (anchor === undefined && focus === undefined)) return;
  const [from, fromOffset] = anchor === undefined ? [anchorNode, anchorOffset ?? 0] : placeIn(group, anchor);
  const [to, toOffset] = focus === undefined ? [focusNode, focusOffset ?? 0] : placeIn(group, focus);
  selection.setBaseAndExtent(from, fromOffset, to, toOffset);
}

/** How many characters of the group's text stand before a place in it. */
function offsetIn(group: Element, node: Node | null | undefined, offset: number | undefined): number | undefined {
  if (!node || offset === undefined || !group.contains(node)) return undefined;
  const before = document.createRange();
  before.setStart(group, 0);
  before.setEnd(node, offset);
  return before.toString().length;
}

/** The place in the group before which so many characters stand. */
function placeIn(group: Element, offset: number): [Node, number] {
  const texts = document.createTreeWalker(group, NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let text = texts.nextNode() as Text | null; text; text = texts.nextNode() as Text | null) {
    if (left <= text.length) return [text, left];
    left -= text.length;
  }
  return [group, group.childNodes.length];
}
