// streamdown gets the whole text as its child. React decides when it draws, and so merges tokens.
import { createElement, useLayoutEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Streamdown } from 'streamdown';

export function make() {
  let set;
  let all = '';
  let length = 0;
  function Answer() {
    const [state, setState] = useState({ text: '', streams: true });
    set = setState;
    useLayoutEffect(() => {
      length = state.text.length;
    });
    return createElement(Streamdown, { isAnimating: state.streams }, state.text);
  }
  return {
    async mount(element) {
      createRoot(element).render(createElement(Answer));
      while (!set) await new Promise((resolve) => setTimeout(resolve));
    },
    push(token) {
      all += token;
      set({ text: all, streams: true });
    },
    end: () => set({ text: all, streams: false }),
    isDrawn: () => length === all.length,
  };
}
