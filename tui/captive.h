/* `fulexo --captive`: for accounts whose sshd gives them this program and
 * nothing else. What the other end says (the command it asked for, the
 * environment it sent, every key) comes from somebody who wants out. */
#pragma once

#include <stdbool.h>

/* Is --captive among the first arguments? Then lock the door before anything
 * else runs: the environment is emptied but for the terminal's own, no file can
 * be written, no process begun, no descriptor but the three is kept, memory is
 * not dumped; and the words of $SSH_ORIGINAL_COMMAND become arguments. *argc
 * and *argv are replaced. 0, or an exit status after a sentence on stderr. */
int captive_begin(int *argc, char ***argv);
/* The door is locked. */
bool captive(void);
/* Somebody is there: a key was pressed. After 15 minutes without the program is
 * ended by SIGTERM. */
void captive_alive(void);
/* Split a command as a shell would cut it into words, with '..', ".." and \,
 * and nothing else: no expansion, no operators. Words point into `text`, which
 * is changed. The number of words, or -1: a quote is open or there are more
 * than max. */
int captive_split(char *text, char **words, int max);
