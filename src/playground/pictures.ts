/** Fields of images: a file becomes base64, and base64 is shown as a picture. */
import { byId, say } from './page';

/** In base64 it has the size of the largest body that an endpoint takes unless set otherwise. */
const maxBytes = 7 * 1024 * 1024;

/** Does nothing at a field without a picture. */
export function showPicture(index: number, base64: string): void {
  const canvas = document.getElementById(`picture-${index}`) as HTMLCanvasElement | null;
  if (canvas === null) return;
  void draw(canvas, base64).catch(() => {
    // What is no image is told by the server.
    canvas.width = 0;
  });
}

async function draw(canvas: HTMLCanvasElement, base64: string): Promise<void> {
  const bytes = Uint8Array.from(atob(base64.trim()), (letter) => letter.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes]));
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext('2d')?.drawImage(picture, 0, 0);
}

export function listenToPictures(): void {
  for (const drop of document.querySelectorAll<HTMLElement>('[data-drop]')) {
    const field = byId<HTMLTextAreaElement>(`field-${drop.dataset.drop}`);
    takeFiles(drop, async (file) => {
      const isTooLarge = file.size > maxBytes;
      say(byId(`fault-${drop.dataset.drop}`), isTooLarge ? `${file.name} has more than ${maxBytes / 2 ** 20} MB.` : '');
      if (isTooLarge) return;
      field.value = toBase64(new Uint8Array(await file.arrayBuffer()));
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** A file that is dropped beside its place would replace the page. */
export function keepStrayFiles(): void {
  for (const type of ['dragover', 'drop']) document.addEventListener(type, (event) => event.preventDefault());
}

/** Takes a file that is dropped onto an element, or chosen in the input that it holds. */
export function takeFiles(drop: HTMLElement, take: (file: File) => Promise<void>): void {
  const chooser = drop.querySelector<HTMLInputElement>('input[type=file]');
  // The same file may be chosen again after it was changed.
  chooser?.addEventListener('click', () => {
    chooser.value = '';
  });
  chooser?.addEventListener('change', () => {
    const [file] = chooser.files ?? [];
    if (file !== undefined) void take(file);
  });
  drop.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('is-over');
  });
  drop.addEventListener('dragleave', () => drop.classList.remove('is-over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('is-over');
    const [file] = event.dataTransfer?.files ?? [];
    if (file !== undefined) void take(file);
  });
}
