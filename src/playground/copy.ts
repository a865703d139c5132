/** Copies text, and says on the button that it was copied. */

export async function copy(text: string, button: HTMLButtonElement): Promise<void> {
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
