-- Low stock is counted and listed without a look at the rows themselves.
DROP INDEX product_low;
CREATE INDEX product_low ON product (store_id, sort_name, id)
    WHERE low = 1 AND gone = 0;
