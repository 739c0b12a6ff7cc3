// marked parses everything again, once per frame in which something came: kinder than once per token.
import { marked } from 'marked';

export function make() {
  let container;
  let all = '';
  let ordered = false;
  const draw = () => {
    ordered = false;
    container.innerHTML = marked.parse(all);
  };
  return {
    mount(element) {
      container = element;
    },
    push(token) {
      all += token;
      if (!ordered) requestAnimationFrame(draw);
      ordered = true;
    },
    end() {},
    isDrawn: () => !ordered,
  };
}
