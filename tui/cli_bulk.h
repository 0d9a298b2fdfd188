/* `fulexo orders bulk`: one act on several orders, shown before it is done. */
#pragma once

struct cli;

/* argv behind the two words. 0: all were taken; 1: some were not. */
int cli_bulk(struct cli *c, int argc, char **argv);
