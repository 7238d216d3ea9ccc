import { element } from './elements';

/** More than this scrolls inside, or is drawn larger by hand. Pixels. */
const mostHeight = 600;

/**
 * Shows HTML that a cell printed in a frame as high as it is. No script of it runs: the frame may only be looked into
 * from here, to measure it and to hand on clicks on its links.
 */
export function showPage(html: string, parent: HTMLElement): void {
  const frame = element('iframe', 'handrail-page');
  frame.title = 'HTML that the cell printed';
  frame.sandbox.value = 'allow-same-origin';
  frame.addEventListener('load', () => {
    const page = frame.contentDocument;
    if (page === null) return;
    page.addEventListener('click', event => openOutside(event));
    fit(frame, page);
    // Narrower, it is higher.
    let width = frame.clientWidth;
    new ResizeObserver(() => {
      if (frame.clientWidth === width) return;
      width = frame.clientWidth;
      fit(frame, page);
    }).observe(frame);
  });
  frame.srcdoc = html;
  parent.replaceChildren(frame);
}

/** A page is never lower than its frame, so that is measured at its lowest. */
function fit(frame: HTMLIFrameElement, page: Document): void {
  frame.style.height = '0';
  frame.style.height = `${String(Math.min(page.documentElement.scrollHeight, mostHeight))}px`;
}

/** What a link of the page shows has no place in the frame; the notebook opens its own links outside. */
function openOutside(event: MouseEvent): void {
  // Of another window, so that it is none of this one's classes.
  const link = (event.target as Element | null)?.closest('a[href]');
  const address = link?.getAttribute('href') ?? '';
  if (link === null || link === undefined || address.startsWith('#')) return;
  event.preventDefault();
  if (!/^https?:/i.test(address)) return;
  const own = element('a', '');
  own.href = address;
  document.body.append(own);
  own.click();
  own.remove();
}
