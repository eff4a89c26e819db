import type { JsonNode } from '../json/scan.js';
import type { Reading } from '../reading.js';

/** What the provider keeps, or is asked to keep: history that does not stand in the body. */
export function store(reading: Reading, root: JsonNode): void {
  const previous = root.get('previous_response_id')?.string;
  if (previous) {
    reading.providerHistory.push({ field: 'previous_response_id', id: previous });
    reading.returned(previous);
  }
  const conversation = root.get('conversation');
  const id = conversation?.string ?? conversation?.get('id')?.string;
  if (id) {
    reading.providerHistory.push({ field: 'conversation', id });
    reading.explicit(id);
  }
  if (root.get('store')?.kind === 'true') reading.providerHistory.push({ field: 'store' });
}
