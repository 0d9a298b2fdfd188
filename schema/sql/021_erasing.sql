-- The orders of a customer are erased a few at a time: what is still to be done,
-- by the shop's id, also after we were killed.
ALTER TABLE erasure ADD COLUMN rest INTEGER NOT NULL DEFAULT 0;  -- 1: some wait
ALTER TABLE erasure ADD COLUMN place INTEGER NOT NULL DEFAULT 0; -- last one done
ALTER TABLE erasure ADD COLUMN customer INTEGER NOT NULL DEFAULT 0; -- id of the account; 0: a guest
CREATE INDEX erasure_rest ON erasure (id) WHERE rest = 1;
