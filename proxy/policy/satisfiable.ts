import type { Settings } from '../contract/index.js';
import type { PolicyDocument } from './document.js';
import type { PolicyProblem } from './types.js';

/** Who can ever decide: with a sign-in issuer others than the local person can appear; without one there is only that person. */
export interface People {
  /** True when persons sign in through an issuer, so that nobody can list them in advance. */
  open: boolean;
  /** Persons known here. */
  known: { id: string; groups: string[] }[];
}

export function peopleOf(settings: Settings): People {
  return { open: settings.issuers.some((i) => i.signIn !== undefined), known: [{ id: 'local', groups: [] }] };
}

/** A rule that nobody could ever satisfy is an error when it is saved. */
export function unsatisfiable(document: PolicyDocument, people: People): PolicyProblem[] {
  if (people.open) return [];
  const problems: PolicyProblem[] = [];
  for (const rule of document.rules) {
    const { does: then } = rule;
    if (!rule.enabled || then.action !== 'approve') continue;
    const eligible = people.known.filter((p) => then.groups.length === 0 || then.groups.some((g) => p.groups.includes(g)));
    const add = (message: string, suggestion: string) =>
      problems.push({ message, path: `rules.${rule.id}.then`, ...rule.position, suggestion, severity: 'error' });
    const count = Math.max(0, eligible.length - (then.separateApprover ? 1 : 0));
    if (eligible.length === 0)
      add(
        `Nobody can approve what "${rule.id}" asks: nobody here is in ${then.groups.join(' or ')}`,
        'Add an issuer that people sign in with, or leave groups out',
      );
    else if (count < then.minimum)
      add(
        then.separateApprover && eligible.length >= then.minimum
          ? `Nobody can approve what "${rule.id}" asks: separateApprover excludes the owner, and nobody else can sign in here`
          : `Nobody can approve what "${rule.id}" asks: it wants ${then.minimum} different persons, and only ${count} can decide here`,
        'Add an issuer that people sign in with, or lower the demand',
      );
  }
  return problems;
}
