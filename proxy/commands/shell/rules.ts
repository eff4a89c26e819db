import type { Command, Run } from './command.js';
import { accountRules } from './rules-accounts.js';
import { adminRules } from './rules-admin.js';
import { cloudRules } from './rules-cloud.js';
import { deleteRules } from './rules-delete.js';
import { frameworkRules } from './rules-frameworks.js';
import { gitRules } from './rules-git.js';
import { networkRules } from './rules-network.js';
import { packageRules } from './rules-packages.js';
import { processRules } from './rules-processes.js';
import { systemRules } from './rules-system.js';
import { windowsRules } from './rules-windows.js';

/** Judges one simple command. */
export type Rule = (c: Command, run: Run) => void;
/** Names of commands, divided by spaces → their rule. */
export type RuleTable = Record<string, Rule>;

/** Every rule by the name of its command. */
export const RULES = new Map<string, Rule>();
for (const table of [
  deleteRules,
  gitRules,
  systemRules,
  accountRules,
  networkRules,
  adminRules,
  cloudRules,
  packageRules,
  frameworkRules,
  processRules,
  windowsRules,
])
  for (const [names, rule] of Object.entries(table))
    for (const n of names.split(' ')) {
      const before = RULES.get(n);
      RULES.set(
        n,
        before
          ? (c, run) => {
              before(c, run);
              rule(c, run);
            }
          : rule,
      );
    }
