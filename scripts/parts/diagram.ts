/**
 * The script of the frame that draws a diagram: takes its source by message, and tells its height.
 *
 * The frame has an origin of its own that nobody shares, and its page allows no request but the one for
 * this script. Mermaid needs that: it sets HTML and runs over what a model wrote. Who embeds the frame
 * believes nothing that comes out of it.
 */
import mermaid from 'mermaid';

interface Ask {
  source: string;
  dark: boolean;
  font: string;
}

let asked = 0;

addEventListener('message', ({ source, data }: MessageEvent<Ask>) => {
  if (source === parent) void draw(data);
});

async function draw({ source, dark, font }: Ask): Promise<void> {
  asked += 1;
  const mine = asked;
  try {
    mermaid.initialize({
      startOnLoad: false,
      securityLevel: 'strict',
      suppressErrorRendering: true,
      theme: dark ? 'dark' : 'default',
      fontFamily: font,
      deterministicIds: true,
      // The other one, ELK, is not in the bundle, whatever a source asks for.
      layout: 'dagre',
      secure: ['secure', 'securityLevel', 'startOnLoad', 'maxTextSize', 'suppressErrorRendering', 'maxEdges', 'layout'],
    });
    const { svg } = await mermaid.render(`diagram-${mine}`, source);
    if (mine !== asked) return;
    const made = new DOMParser().parseFromString(svg, 'text/html').body.firstElementChild;
    if (!made) throw new Error('no picture');
    // A frame of another scheme than the page around it would get a ground of its own.
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
    document.body.replaceChildren(document.adoptNode(made));
    tellHeight();
  } catch {
    tell({ failed: true });
  }
}

// The width is the reader's, and the height follows it.
new ResizeObserver(() => {
  if (document.body.firstElementChild?.localName === 'svg') tellHeight();
}).observe(document.body);

function tellHeight(): void {
  tell({ height: Math.ceil(document.body.getBoundingClientRect().height) });
}

function tell(what: { height: number } | { failed: true }): void {
  // Whoever it is: there is nothing in it that is not known to those who asked.
  parent.postMessage(what, '*');
}
