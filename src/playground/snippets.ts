/** The same request as curl, Python and TypeScript. */
import { type Entries, toInstance } from './entries';
import { base, byId } from './page';

export function showSnippets(entries: Entries): void {
  const instance = toInstance(entries);
  const body = JSON.stringify({ instances: [instance] });
  const url = `${base}/predict`;
  // Escapes a quote within the shell's single quotes.
  const quoted = body.replaceAll("'", String.raw`'\''`);
  byId('snippet-curl').textContent = `curl ${url} \\\n  -H 'content-type: application/json' \\\n  -d '${quoted}'`;
  byId('snippet-python').textContent = [
    'import requests',
    '',
    `body = {"instances": ${toPython([instance])}}`,
    `answer = requests.post("${url}", json=body, timeout=10)`,
    'answer.raise_for_status()',
    'print(answer.json()["predictions"])',
  ].join('\n');
  byId('snippet-typescript').textContent = [
    `const response = await fetch('${url}', {`,
    "  method: 'POST',",
    "  headers: { 'content-type': 'application/json' },",
    `  body: JSON.stringify(${body}),`,
    '});',
    'const { predictions } = await response.json();',
    'console.log(predictions);',
  ].join('\n');
}

/** JSON with Python's True, False and None. */
function toPython(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toPython).join(', ')}]`;
  if (value === null) return 'None';
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([name, each]) => `${JSON.stringify(name)}: ${toPython(each)}`)
      .join(', ')}}`;
  return typeof value === 'boolean' ? pythonWords[`${value}`] : JSON.stringify(value);
}

const pythonWords = { true: 'True', false: 'False' };

export function listenToCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copies]')) {
    button.addEventListener('click', () => {
      void copy(byId(button.dataset.copies ?? '').textContent ?? '', button);
    });
  }
}

async function copy(text: string, button: HTMLButtonElement): Promise<void> {
  const { textContent: title } = button;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Select the text and copy it';
  }
  setTimeout(() => {
    button.textContent = title;
  }, 1500);
}
