/** Schema 2: how many starts of a job in a row have no end of theirs written: it may be what ends the engine. */
export const jobAttempts = /* sql */ `
ALTER TABLE job ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
`
