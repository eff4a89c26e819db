import type { ApprovalDemand } from '../contract/index.js';
import type { Then } from './document.js';

/** What the settings say where a rule is silent. */
export interface DemandDefaults {
  expiresInSeconds: number;
  /** Risk classes and finding categories that must be opened before they can be approved. */
  mustOpenClasses: readonly string[];
}

export function demandOf(then: Then, defaults: DemandDefaults): ApprovalDemand {
  return {
    groups: then.groups,
    minimum: then.minimum,
    separateApprover: then.separateApprover,
    expiresInSeconds: then.expiresIn ?? defaults.expiresInSeconds,
    mustOpen: then.mustOpen,
  };
}

const weight = (d: ApprovalDemand) => d.minimum * 8 + (d.separateApprover ? 4 : 0) + (d.groups.length > 0 ? 2 : 0) + (d.mustOpen ? 1 : 0);
const same = (a: ApprovalDemand, b: ApprovalDemand) =>
  a.minimum === b.minimum && [...a.groups].sort().join('\n') === [...b.groups].sort().join('\n');

/**
 * One demand that satisfies all: the shortest time, opened if any says so, the owner excluded if any says so. Where groups or
 * numbers differ, each of the others must be satisfied as well (`and`). At least one demand must be given.
 */
export function mergeDemands(demands: readonly ApprovalDemand[]): ApprovalDemand {
  const flat = demands.flatMap((d) => [d, ...(d.and ?? [])]).sort((a, b) => weight(b) - weight(a));
  const first = flat[0]!;
  const and: ApprovalDemand[] = [];
  for (const d of flat.slice(1)) {
    const covered = [first, ...and].some((e) => same(d, e) || (d.groups.length === 0 && d.minimum <= e.minimum));
    if (!covered) and.push({ ...d, and: undefined } as ApprovalDemand);
  }
  const merged: ApprovalDemand = {
    groups: first.groups,
    minimum: first.minimum,
    separateApprover: flat.some((d) => d.separateApprover),
    expiresInSeconds: Math.min(...flat.map((d) => d.expiresInSeconds)),
    mustOpen: flat.some((d) => d.mustOpen),
  };
  if (and.length > 0)
    merged.and = and.map((d) => ({
      groups: d.groups,
      minimum: d.minimum,
      separateApprover: merged.separateApprover,
      expiresInSeconds: merged.expiresInSeconds,
      mustOpen: merged.mustOpen,
    }));
  return merged;
}
