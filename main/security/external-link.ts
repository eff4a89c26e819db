/** The normalised address, when it is of a kind that may be opened: https, or http on this computer. @throws Error otherwise */
export function checkExternal(address: string): string {
  const url = new URL(address);
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) throw new Error('Only https addresses are opened.');
  if (url.username !== '' || url.password !== '') throw new Error('Addresses with credentials are not opened.');
  return url.href;
}
