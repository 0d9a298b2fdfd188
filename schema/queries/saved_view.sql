-- Saved views (daemon/model/saved_view.c); whose they are is bound, not asked.

-- name: SAVED_VIEW_LIST scope=none kind=read temp_btree=yes
-- Of a key, one's own comes first.
SELECT owner <> '', slot, list, name, filter, sort FROM saved_view
 WHERE owner IN (:owner, '') ORDER BY slot, owner = '';
-- name: SAVED_VIEW_PUT scope=none kind=write
INSERT INTO saved_view (owner, slot, list, name, filter, sort)
    VALUES (:owner, :slot, :list, :name, :filter, :sort)
    ON CONFLICT (owner, slot) DO UPDATE
       SET list = excluded.list, name = excluded.name,
           filter = excluded.filter, sort = excluded.sort;
-- name: SAVED_VIEW_DROP scope=none kind=write
DELETE FROM saved_view WHERE owner = :owner AND slot = :slot;
