/** Schema 1: everything that people said and that the app must query. Vectors, graphs and thumbnails live in files beside it. */
export const initial = /* sql */ `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- A folder that images are read from. Nothing is ever written to it.
CREATE TABLE root (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL DEFAULT 'train' CHECK (role IN ('train','reference','query','negative','test')),
  protected INTEGER NOT NULL DEFAULT 0,
  labels_from_folders INTEGER NOT NULL DEFAULT 1,
  include TEXT NOT NULL DEFAULT '[]',
  exclude TEXT NOT NULL DEFAULT '[]',
  svg INTEGER NOT NULL DEFAULT 0,
  added_at INTEGER NOT NULL,
  scanned_at INTEGER
) STRICT;

-- Ids are never used twice (AUTOINCREMENT): the log of acts names images that may have gone since.
-- One file. path_raw holds the bytes below the root as the file system gave them; path is the same for people (U+FFFD where it is not UTF-8).
CREATE TABLE image (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  root_id INTEGER NOT NULL REFERENCES root(id) ON DELETE CASCADE,
  path_raw BLOB NOT NULL,
  path TEXT NOT NULL,
  folder TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  mtime_ms REAL NOT NULL,
  state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new','ready','failed','missing')),
  failure TEXT,
  failure_detail TEXT,
  format TEXT, width INTEGER, height INTEGER,
  colour TEXT, depth INTEGER, has_alpha INTEGER, orientation INTEGER,
  sha256 BLOB, pixel_hash BLOB, phash BLOB,
  sharpness REAL, exposure REAL, contrast REAL, entropy REAL, compression REAL,
  thumb_pack INTEGER, thumb_offset INTEGER, thumb_length INTEGER, thumb_width INTEGER, thumb_height INTEGER,
  role TEXT CHECK (role IN ('train','reference','query','negative','test')),
  protected INTEGER,
  identity TEXT,
  fold INTEGER,
  UNIQUE (root_id, path_raw)
) STRICT;
CREATE INDEX image_by_state ON image(state, id);
CREATE INDEX image_by_sha256 ON image(sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX image_by_folder ON image(root_id, folder, path);
CREATE INDEX image_by_path ON image(path);

-- merged_into is always a class that is itself not merged, so that one hop resolves it.
CREATE TABLE class (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  merged_into INTEGER REFERENCES class(id),
  removed INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX class_by_name ON class(name);
-- The names that data came with (class folders, CSV), in key form: a later scan finds a renamed or merged class by them.
CREATE TABLE class_alias (
  key TEXT PRIMARY KEY,
  class_id INTEGER NOT NULL REFERENCES class(id)
) STRICT, WITHOUT ROWID;

-- A run of the machine, or an import: whatever made labels, predictions, edges.
CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  params TEXT NOT NULL,
  descriptor_id INTEGER REFERENCES descriptor(id),
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  summary TEXT
) STRICT;

-- Labels that came with the data (class folders, a CSV). Never overwritten by people: what people say stands in label.
CREATE TABLE given_label (
  image_id INTEGER PRIMARY KEY REFERENCES image(id) ON DELETE CASCADE,
  class_id INTEGER NOT NULL REFERENCES class(id),
  run_id INTEGER NOT NULL REFERENCES run(id)
) STRICT;
CREATE INDEX given_label_by_class ON given_label(class_id);

-- What a person said of the class: a class, 'none' (none of them), or 'unsure'.
CREATE TABLE label (
  image_id INTEGER PRIMARY KEY REFERENCES image(id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('class','none','unsure')),
  class_id INTEGER REFERENCES class(id),
  source TEXT NOT NULL,
  run_id INTEGER,
  score REAL,
  act_id INTEGER NOT NULL
) STRICT;
CREATE INDEX label_by_class ON label(class_id);

-- What the machine proposed, k candidates an image and run.
CREATE TABLE prediction (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  image_id INTEGER NOT NULL REFERENCES image(id) ON DELETE CASCADE,
  rank INTEGER NOT NULL,
  class_id INTEGER NOT NULL REFERENCES class(id),
  score REAL NOT NULL,
  nearest_id INTEGER,
  nearest_similarity REAL,
  PRIMARY KEY (run_id, image_id, rank)
) STRICT, WITHOUT ROWID;
CREATE INDEX prediction_by_score ON prediction(run_id, rank, score, image_id, class_id);
-- Without it, forgetting an image would read every prediction.
CREATE INDEX prediction_by_image ON prediction(image_id, run_id);

-- Whether an image stays in the cleaned dataset, with the reason.
CREATE TABLE verdict (
  image_id INTEGER PRIMARY KEY REFERENCES image(id) ON DELETE CASCADE,
  value TEXT NOT NULL CHECK (value IN ('keep','drop','unsure')),
  reason TEXT NOT NULL,
  keeper_id INTEGER,
  similarity REAL,
  act_id INTEGER NOT NULL
) STRICT;
CREATE INDEX verdict_by_value ON verdict(value);

-- What a person said of two pictures, by content: it outlives renames and re-scans. hash_a <= hash_b.
CREATE TABLE relation (
  hash_a BLOB NOT NULL,
  hash_b BLOB NOT NULL,
  value TEXT NOT NULL CHECK (value IN ('different','variant')),
  act_id INTEGER NOT NULL,
  PRIMARY KEY (hash_a, hash_b)
) STRICT, WITHOUT ROWID;

-- A keeper chosen by hand stands before every rule.
CREATE TABLE pin (
  image_id INTEGER PRIMARY KEY REFERENCES image(id) ON DELETE CASCADE,
  act_id INTEGER NOT NULL
) STRICT;

-- The append-only log. Undo and redo are entries of their own, naming the entry they turn.
CREATE TABLE act (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  kind TEXT NOT NULL,
  turns INTEGER REFERENCES act(id),
  summary TEXT NOT NULL,
  count INTEGER NOT NULL,
  -- 1: took what the machine proposed, 0: decided otherwise, NULL: not about a proposal
  accepted INTEGER,
  changes BLOB
) STRICT;
CREATE INDEX act_by_turns ON act(turns, id) WHERE turns IS NOT NULL;
-- Which acts touched an image, for acts of at most 1,000 images; larger ones are looked up in their own id set.
CREATE TABLE act_image (
  image_id INTEGER NOT NULL,
  act_id INTEGER NOT NULL REFERENCES act(id),
  PRIMARY KEY (image_id, act_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX act_by_count ON act(id) WHERE count > 1000;

-- Vectors of one model in this project: the file, and which image each row of it belongs to.
CREATE TABLE descriptor (
  id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE,
  card TEXT NOT NULL,
  dim INTEGER NOT NULL,
  dtype TEXT NOT NULL CHECK (dtype IN ('float32','float16')),
  file TEXT NOT NULL,
  -- Rows of the file that are committed, tombstones included: it only grows, so that a row number never changes its meaning.
  next_row INTEGER NOT NULL DEFAULT 0,
  provider TEXT,
  images_per_second REAL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE vector (
  descriptor_id INTEGER NOT NULL REFERENCES descriptor(id) ON DELETE CASCADE,
  row INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image(id) ON DELETE CASCADE,
  part INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (descriptor_id, row)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX vector_by_image ON vector(image_id, descriptor_id, part);
-- A picture that changed has no vector until it is embedded again.
CREATE TRIGGER vector_of_changed_image AFTER UPDATE OF sha256 ON image WHEN OLD.sha256 IS NOT NULL AND OLD.sha256 IS NOT NEW.sha256
BEGIN
  DELETE FROM vector WHERE image_id = NEW.id;
END;

CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  params TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued','running','done','failed','cancelled','interrupted')),
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  progress TEXT,
  result TEXT,
  error TEXT
) STRICT;
CREATE TABLE job_failure (
  job_id INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE,
  item INTEGER NOT NULL,
  image_id INTEGER,
  subject TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (job_id, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE export (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  target TEXT NOT NULL,
  spec TEXT NOT NULL,
  summary TEXT NOT NULL
) STRICT;

CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`
