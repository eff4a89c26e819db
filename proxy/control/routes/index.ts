import type { Route } from '../route.js';
import { agentRoutes } from './agents.js';
import { approvalRoutes } from './approvals.js';
import { connectionRoutes } from './connections.js';
import { doctorRoutes } from './doctor.js';
import { gatewayRoutes } from './gateway.js';
import { issuerRoutes } from './issuers.js';
import { ledgerRoutes } from './ledger.js';
import { personRoutes } from './persons.js';
import { policyRoutes } from './policies.js';
import { sessionRoutes } from './sessions.js';
import { settingsRoutes } from './settings.js';
import { upkeepRoutes } from './upkeep.js';

/** Every route of the control API. docs/openapi.json is made from it, and a test compares both with what express has. */
export const ROUTES: readonly Route[] = [
  ...gatewayRoutes,
  ...personRoutes,
  ...connectionRoutes,
  ...agentRoutes,
  ...issuerRoutes,
  ...policyRoutes,
  ...approvalRoutes,
  ...sessionRoutes,
  ...ledgerRoutes,
  ...settingsRoutes,
  ...upkeepRoutes,
  ...doctorRoutes,
];
