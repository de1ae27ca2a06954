/** Gives the reader a file. */
export function saveFile(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser needs it until it has begun to read.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
