// streaming-markdown writes each token as it comes, which is how it is meant.
import { default_renderer, parser, parser_end, parser_write } from 'streaming-markdown';

export function make() {
  let writer;
  return {
    eager: true,
    mount(element) {
      writer = parser(default_renderer(element));
    },
    push: (token) => parser_write(writer, token),
    end: () => parser_end(writer),
    isDrawn: () => true,
  };
}
