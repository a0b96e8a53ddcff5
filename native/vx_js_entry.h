/* What every entry into the engine begins and ends with. */
#ifndef VX_JS_ENTRY_H
#define VX_JS_ENTRY_H

#include "vx_js_state.h"

/* A buffer for the next outcome. It is taken out of the runtime while it is written: a getter of
 * what is packed may call the host, which may enter again. */
vx_js_bytes vx_js_take_out(vx_js *js);
void vx_js_put_out(vx_js *js, vx_js_bytes out);

/* To be the first statement; the rest of the function is what may be abandoned. */
#define VX_JS_ENTER(js)                \
    vx_js_entry entry;                 \
    if ((js)->killed)                  \
        return vx_js_refuse(js);       \
    vx_js_enter((js), &entry);         \
    if (sigsetjmp(entry.jump, 0))      \
        return vx_js_abandoned(js)

void vx_js_enter(vx_js *js, vx_js_entry *entry);
/* What an entry after the script's end returns. */
int vx_js_refuse(vx_js *js);
/* Ends an entry: takes its value or error, runs the microtasks, and packs what came of it. */
int vx_js_leave(vx_js *js, JSValue value);
/* Ends an entry out of which the script was thrown. The first one tells why. */
int vx_js_abandoned(vx_js *js);
/* The script was thrown out of: what it has left is not touched any more. */
void vx_js_give_up(vx_js *js);

#endif
