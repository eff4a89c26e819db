import { join } from 'node:path';
import type { GatewayStatus, Person, Settings } from '../contract/index.js';

/** What belongs to this gateway: a tool call that touches it would disarm what guards the agent. */
export function protectedTargets(directory: string, settings: Settings): string[] {
  const { host, port } = settings.listen;
  return [directory, join(directory, 'settings.json'), 'sallyport', `${host}:${port}`, `localhost:${port}`];
}

/** The person that is signed in, as status shows it. */
export function personOf(persons: { current(): Person | undefined }): { person?: NonNullable<GatewayStatus['person']> } {
  const person = persons.current();
  return person ? { person: { id: person.id, name: person.name, groups: person.groups } } : {};
}

/** What of each agent an approval depends on. */
export function agentShapes(settings: Settings): Map<string, string> {
  return new Map(settings.agents.map((a) => [a.id, JSON.stringify([a.scope, a.groups, a.keyHash, a.owner, a.expiresAt, a.revokedAt])]));
}
