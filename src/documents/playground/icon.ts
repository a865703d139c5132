/** The icon of each page, within the page: a browser would ask for /favicon.ico otherwise, which no policy of ours allows. */
import { type Html, html } from './html';

const picture =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" rx="2" fill="#2457c5"/>' +
  '<path d="M2 6V4M4 6V2M6 6V3" stroke="#fff"/></svg>';

export const icon: Html = html`<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(picture)}">`;
/** What the policy of a page needs for it. */
export const iconPolicy = 'img-src data:';
