/* Answers: a status, a line of text, and the headers all answers have. */
#pragma once

#include <stddef.h>

struct MHD_Connection;
struct MHD_Response;
struct answers;

enum answer {
    ANSWER_OK,
    ANSWER_BAD,
    ANSWER_UNSIGNED,
    ANSWER_FORBIDDEN,
    ANSWER_NOT_FOUND,
    ANSWER_METHOD,
    ANSWER_TOO_BIG,
    ANSWER_LIMITED,
    ANSWER_BUSY,
    ANSWERS,
    ANSWER_PAGE = ANSWERS, /* the request has one of its own */
};

/* Made once, sent often. */
struct answers *answers_new(void);
/* NULL is fine. */
void answers_free(struct answers *a);
/* 0, or ERR_IO: the connection is to be ended. */
int answers_send(const struct answers *a, struct MHD_Connection *mhd,
                 enum answer which);
/* One of its own: text is copied. */
int answer_send(struct MHD_Connection *mhd, unsigned status, const char *type,
                const char *text, size_t n);
