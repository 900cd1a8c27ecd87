/** Schema 3: recipes with their runs and results, parts of images, vetoes; a person may say of two pictures that they match ('same'). */
export const recipes = /* sql */ `
-- The user's own recipes; those that come with Winnow are files.
CREATE TABLE recipe (name TEXT PRIMARY KEY, body TEXT NOT NULL, saved_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- What a step made: a folder below results/. key is the hash of all that decides it, so that the same is never made twice.
CREATE TABLE step_result (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  use TEXT NOT NULL,
  kind TEXT NOT NULL,
  params TEXT NOT NULL,
  summary TEXT NOT NULL,
  facts TEXT NOT NULL,
  seconds REAL NOT NULL,
  peak_bytes INTEGER,
  made_at INTEGER NOT NULL
) STRICT;

CREATE TABLE recipe_run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  recipe TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  options TEXT NOT NULL,
  overrides TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running','done','failed','cancelled')),
  job_id INTEGER,
  error TEXT,
  started_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX recipe_run_by_recipe ON recipe_run(recipe, id);
CREATE TABLE recipe_run_step (
  run_id INTEGER NOT NULL REFERENCES recipe_run(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  step TEXT NOT NULL,
  use TEXT NOT NULL,
  title TEXT NOT NULL,
  params TEXT NOT NULL,
  inputs TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting','running','done','kept','failed')),
  result_id INTEGER REFERENCES step_result(id) ON DELETE SET NULL,
  PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_step_by_result ON recipe_run_step(result_id) WHERE result_id IS NOT NULL;

-- A part of an image whose place is its own (proposals, detections); parts below 100 are fixed and need no row.
CREATE TABLE image_part (
  image_id INTEGER NOT NULL REFERENCES image(id) ON DELETE CASCADE,
  part INTEGER NOT NULL CHECK (part >= 100),
  source TEXT NOT NULL CHECK (source IN ('proposal','detector')),
  -- Hash of what found it, with all its constants.
  fingerprint TEXT NOT NULL,
  "left" INTEGER NOT NULL, top INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
  PRIMARY KEY (image_id, part)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER parts_of_changed_image AFTER UPDATE OF sha256 ON image WHEN OLD.sha256 IS NOT NULL AND OLD.sha256 IS NOT NEW.sha256
BEGIN
  DELETE FROM image_part WHERE image_id = NEW.id;
END;

-- Named lists of images and pairs that results leave out, with the reason; a list counts while it is applied.
CREATE TABLE veto_list (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  applied INTEGER NOT NULL,
  removed INTEGER NOT NULL
) STRICT;
-- By content, like what people say of pairs. hash_a < hash_b: that pair; hash_a = hash_b: the image itself, whatever it is paired with.
CREATE TABLE veto (
  hash_a BLOB NOT NULL,
  hash_b BLOB NOT NULL,
  list_id INTEGER NOT NULL REFERENCES veto_list(id),
  act_id INTEGER NOT NULL,
  PRIMARY KEY (hash_a, hash_b)
) STRICT, WITHOUT ROWID;

CREATE TABLE relation_3 (
  hash_a BLOB NOT NULL,
  hash_b BLOB NOT NULL,
  value TEXT NOT NULL CHECK (value IN ('different','variant','same')),
  act_id INTEGER NOT NULL,
  PRIMARY KEY (hash_a, hash_b)
) STRICT, WITHOUT ROWID;
INSERT INTO relation_3 SELECT hash_a, hash_b, value, act_id FROM relation;
DROP TABLE relation;
ALTER TABLE relation_3 RENAME TO relation;
`
