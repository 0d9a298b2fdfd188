/* The languages there are; the sentences are in common/text.h. Apart, because
 * the list of sentences changes with every screen. */
#pragma once

enum text_lang { TEXT_EN, TEXT_TR, TEXT_LANGS };

/* "tr", "tr_TR.UTF-8" -> TEXT_TR; anything else, also NULL -> TEXT_EN. */
enum text_lang text_lang(const char *locale);
const char *text_lang_name(enum text_lang lang); /* "en" */
