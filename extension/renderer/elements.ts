/** An element with a class and text; text is never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...content);
  return made;
}

/** A link-like button in a line of text. */
export function textButton(label: string, action: () => void): HTMLButtonElement {
  const button = element('button', 'handrail-link', label);
  button.type = 'button';
  button.addEventListener('click', action);
  return button;
}

const shapes = {
  find: 'M6.5 2a4.5 4.5 0 1 0 2.8 8l3.6 3.7.8-.8L10 9.3A4.5 4.5 0 0 0 6.5 2m0 1.1a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8',
  copy: 'M5 1h7a2 2 0 0 1 2 2v7h-1.1V3a.9.9 0 0 0-.9-.9H5ZM3.5 4h6A1.5 1.5 0 0 1 11 5.5v8A1.5 1.5 0 0 1 9.5 15h-6A1.5 1.5 0 0 1 2 13.5v-8A1.5 1.5 0 0 1 3.5 4m0 1.1a.4.4 0 0 0-.4.4v8c0 .22.18.4.4.4h6a.4.4 0 0 0 .4-.4v-8a.4.4 0 0 0-.4-.4Z',
  open: 'M9 2h5v5h-1.1V3.9L7.4 9.4l-.8-.8 5.5-5.5H9ZM3.5 3H7v1.1H3.5a.4.4 0 0 0-.4.4v8c0 .22.18.4.4.4h8a.4.4 0 0 0 .4-.4V9H13v3.5a1.5 1.5 0 0 1-1.5 1.5h-8A1.5 1.5 0 0 1 2 12.5v-8A1.5 1.5 0 0 1 3.5 3',
  stop: 'M4 3h8a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1m.1 1.1v7.8h7.8V4.1Z',
  up: 'M8 4.5 13 9.5l-.8.8L8 6.1l-4.2 4.2-.8-.8Z',
  down: 'm8 11.5-5-5 .8-.8L8 9.9l4.2-4.2.8.8Z',
  close: 'm8 7.2 3.9-3.9.8.8L8.8 8l3.9 3.9-.8.8L8 8.8l-3.9 3.9-.8-.8L7.2 8 3.3 4.1l.8-.8Z',
};

/** A button that shows a shape of the kind VS Code uses, its label as tooltip and for screen readers. */
export function iconButton(shape: keyof typeof shapes, label: string, action: () => void): HTMLButtonElement {
  const button = element('button', 'handrail-icon');
  button.type = 'button';
  button.title = label;
  button.setAttribute('aria-label', label);
  button.append(icon(shapes[shape]));
  button.addEventListener('click', action);
  return button;
}

function icon(path: string): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  const drawn = document.createElementNS(namespace, 'path');
  drawn.setAttribute('d', path);
  drawn.setAttribute('fill-rule', 'evenodd');
  svg.append(drawn);
  return svg;
}
