-- Full text merges its segments when a level holds eight, not four. One comes
-- with every commit, and merging them was most of what full text spent in the
-- commits of a first sync.
INSERT INTO order_fts (order_fts, rank) VALUES ('automerge', 8);
INSERT INTO contact_fts (contact_fts, rank) VALUES ('automerge', 8);
INSERT INTO product_fts (product_fts, rank) VALUES ('automerge', 8);
