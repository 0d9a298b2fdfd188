-- Whom it is asked of: the company whose store it was then. A store may change
-- hands; what was charged does not go with it.
ALTER TABLE charge ADD COLUMN tenant_id INTEGER NOT NULL DEFAULT 1;
UPDATE charge SET tenant_id = (SELECT tenant_id FROM store
                                WHERE id = charge.store_id);
