/** Rules that tests steer by words of a prompt or an answer; `policyOf(ASK_LAUNCH)` is a file of them. */
export const ASK_LAUNCH = `  - id: ask-launch
    match: { what: part, direction: request, role: user, words: [launch code] }
    then: approve
    sentence: The prompt speaks of a launch code.
`;
export const RECIPE = 'secret recipe';
export const NO_RECIPE = `  - id: no-recipe
    match: { what: part, direction: request, words: [${RECIPE}] }
    then: block
    sentence: The recipe stays in the house.
`;
/** For answers: the words stand in `detection.denyWords`. */
export const NO_DENY_WORD = `  - id: no-midnight
    match: { direction: response, finding: DENY_WORD }
    then: block
    sentence: Nobody may read of it.
`;

export const policyOf = (...rules: string[]): string => `version: 1\nname: test\nrules:\n${rules.join('')}`;
