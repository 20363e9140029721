/* help.h: what --help prints, of the tool and of its commands (tool_help.c,
 * which is in no room: the texts name packages). */
#ifndef LZI_HELP_H
#define LZI_HELP_H

extern const char lzi_help_tool[];
extern const char lzi_help_build[];
extern const char lzi_help_apply[];
extern const char lzi_help_wheel[];
extern const char lzi_help_revert[];
extern const char lzi_help_status[];
extern const char lzi_help_explain[];
extern const char lzi_help_dump[];
extern const char lzi_help_stats[];
extern const char lzi_help_verify[];

#endif
