/**
 * Milliseconds after which an edit has waited for its turn, at a rate limit or behind a retry: whoever reacted meanwhile may not
 * have seen what it shows. A reaction within a quicker one is taken for one to what it shows.
 */
export const SLOW_EDIT_MS = 2000
