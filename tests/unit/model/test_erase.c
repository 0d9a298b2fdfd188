/* Nothing about a customer is stored where customers.erase does not look; what
 * it does there is rpc/test_erase.c's. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

/* Whoever adds a table says here whether it holds something about a customer;
 * if so, erase_rows.c gets its line and rows_of_ours (rpc/test_erase.c) its
 * row. */
TX_TEST(every_table_was_thought_of) {
    static const char known[] =
        " api_token api_token_store aside at_bin audit audit_payload "
        "backup_code"
        " balance bin count_bin count_line demand inbound inbound_line item"
        " bundle bundle_part listing lot lot_balance move_reason movement "
        "stock_count"
        " category change change_path charge share checkpoint contact "
        "contact_object contact_note contact_tag"
        " delivery dict erased erasure feed hold_log hook hook_secret"
        " file file_link ticket ticket_message ticket_read"
        " invitation ledger line lockout mail meta note order_count order_event"
        " order_hold order_object order_tag orders parcel parcel_line product"
        " product_category product_object product_under proposal proposal_item"
        " proposal_reserve refund refund_object"
        " request return_ return_line saved_view scan session session_spent "
        "signing_key store "
        "settling store_status"
        " sweep tenant tombstone unix_account user_store users wake wave work"
        " work_line work_lot ";
    char name[80], spaced[84];
    for (int i = 0;; i++) {
        char sql[300];
        name[0] = '\0';
        (void)snprintf(sql, sizeof sql,
                       "SELECT name FROM sqlite_schema WHERE type = 'table'"
                       " AND name NOT LIKE 'sqlite%%' AND name NOT LIKE"
                       " '%%_fts%%' ORDER BY name LIMIT 1 OFFSET %d",
                       i);
        assert_true(conn_get_text(tx->conn, sql, name, sizeof name) >= 0);
        if (!name[0])
            return 0;
        (void)snprintf(spaced, sizeof spaced, " %s ", name);
        if (!strstr(known, spaced))
            fail_msg("%s: does it hold something about a customer?", name);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_was_thought_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
