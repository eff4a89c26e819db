/** Approvals: a person decides, about this exact thing, once or within a grant, before a time. */
export { type BrokerOptions, createBroker } from './broker.js';
export { type BudgetOptions, type BudgetState, type Budgets, createBudgets } from './budgets.js';
export { codeOf } from './code.js';
export { type ApprovalRecord, foldApprovals } from './fold.js';
export { type HoldOptions, holdPlan } from './hold-plan.js';
export { patternProblem, patternTest } from './pattern.js';
export { costOf, type PriceTable, shippedPrices } from './prices.js';
export { type TicketKeyInput, ticketKey } from './ticket-key.js';
export type {
  ApprovalBroker,
  ApprovalInput,
  EditResult,
  GrantSuggestion,
  HoldPlan,
  Quality,
  Settlement,
  Ticket,
} from './types.js';
export { createLinks, createWebhook, signWebhook, verifyWebhook, type WebhookOptions } from './webhook.js';
