/** Desktop Entry Specification 1.5: quoting of Exec; a per cent sign is doubled, because field codes begin with it. */
export function autostartEntry(program: string, args: readonly string[] = []): string {
  const exec = [program, ...args, '--hidden'].map(quoted).join(' ');
  return `[Desktop Entry]\nType=Application\nName=Sallyport\nComment=A guarded door for LLM agents\nExec=${exec}\nIcon=sallyport-desktop\nX-GNOME-Autostart-enabled=true\n`;
}

function quoted(word: string): string {
  if (/^[A-Za-z0-9_./+:@=-]+$/.test(word)) return word;
  // Quoting is undone first, then the escapes of a desktop entry's string: a backslash is written four times.
  const inner = word
    .replace(/\\/g, '\\\\\\\\')
    .replace(/["`$]/g, (c) => `\\\\${c}`)
    .replace(/%/g, '%%');
  return `"${inner}"`;
}
