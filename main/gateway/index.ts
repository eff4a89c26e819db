/** The gateway's process: started, watched, restarted, stopped. */
export { createSupervisor, type HostProcess, type PersonSession, type Supervisor, type SupervisorState } from './supervisor.js';
export { forkHost } from './utility.js';
