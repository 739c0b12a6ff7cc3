// Who draws. Each renderer takes tokens; when it draws them is its own business, as it would be in a page:
//
//   mount(element, tokens)   before anything is measured; all tokens that will come, in their order
//   push(token)              a token has come
//   end()                    nothing more will come
//   isDrawn()                whether all of it is in the document
//   eager                    whether a push draws at once, so that a burst has to look at the time
//   perTask                  how many tokens come in one task of a burst; without it all of them do
//   whole                    whether it brings the answer's element itself

/** Takes everything and draws nothing: what the harness itself costs. */
const nothing = () => ({ mount() {}, push() {}, end() {}, isDrawn: () => true });

export const renderers = {
  nothing: async () => ({ make: nothing }),
  sluice: () => import('./renderers/sluice.js'),
  'streaming-markdown': () => import('./renderers/streaming-markdown.js'),
  marked: () => import('./renderers/marked.js'),
  streamdown: () => import('./renderers/streamdown.js'),
};
