-- Categories as people see them (daemon/model/category_list.c).

-- name: CATEGORY_LIST scope=store kind=read plan=category_remote
SELECT remote_id, parent_id, name, slug, count FROM category
 WHERE store_id = :store AND gone = 0 ORDER BY remote_id;
