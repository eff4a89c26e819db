/** Blocks of calls that the provider runs itself; every other `…tool_use` is run by the agent and must be judged. */
const PROVIDER_RUN = new Set(['server_tool_use', 'mcp_tool_use']);

export const isAgentCall = (type: string): boolean => type.endsWith('tool_use') && !PROVIDER_RUN.has(type);
