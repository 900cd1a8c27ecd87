/** Schema 4: the test-time views (JSON) that a descriptor's vectors were made with; null: one, as the model's card says. */
export const views = /* sql */ `
ALTER TABLE descriptor ADD COLUMN views TEXT;
`
