/**
 * Set in the environment of every agent, and of nothing else. An agent that was started from within a cell is, as long
 * as the program that started it lives, among the cell's descendants; by this it is told from them.
 */
export const agentVariable = 'HANDRAIL_AGENT';
