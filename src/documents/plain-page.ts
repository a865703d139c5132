/** Pages that only show text: one style, no scripts, nothing from elsewhere. */
import type { HttpReply } from '../http/message';
import { sha256 } from '../sha256';
import { Html, html } from './playground/html';
import { icon, iconPolicy } from './playground/icon';
import { palette } from './playground/styles';

const styles = `${palette}
body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;background:var(--paper);color:var(--ink);overflow-wrap:anywhere}
a{color:var(--accent)}code,pre{font-family:ui-monospace,monospace}dt{font-weight:600;margin-top:1rem}dd{margin:0}
pre{font-size:.85rem;overflow:auto;background:var(--panel);border:1px solid var(--line);border-radius:.4rem;padding:.6rem}summary{padding:.2rem 0;cursor:pointer}
details>div{border-left:3px solid var(--line);padding:0 0 .5rem 1rem;margin:0 0 1rem .2rem}
`;

export function toPage(title: string, description: string, content: Html): HttpReply {
  const body = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="description" content="${description}"><title>${title}</title>${icon}<style>${new Html(styles)}</style></head>
<body><main><h1>${title}</h1>${content}</main></body>
</html>
`.text;
  const policy = `default-src 'none'; ${iconPolicy}; style-src 'sha256-${sha256(styles, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  const headers = [
    'content-type',
    'text/html; charset=utf-8',
    'x-content-type-options',
    'nosniff',
    'content-security-policy',
    policy,
  ];
  return { status: 200, headers, body };
}

/** Text between backticks is code. */
export function toCode(text: string): Html {
  return html`${text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
