/* The globals that the host declares: each is an accessor until the script reads or sets it, and
 * becomes what the host answers. Some values are made by code of the host's own in the script, for
 * which it keeps what that needs of the language before a script can put something else there.
 */
#include <string.h>

#include "vx_js_entry.h"
#include "vx_status.h"

/* The object that the last name of a path belongs to, and that name. */
static JSValue owner_of(vx_js *js, const char *path, size_t len, JSAtom *name)
{
    JSValue owner = vx_qjs.JS_GetGlobalObject(js->ctx);
    const char *dot;
    while ((dot = memchr(path, '.', len)) != NULL) {
        JSAtom atom = vx_qjs.JS_NewAtomLen(js->ctx, path, (size_t)(dot - path));
        JSValue inner = vx_qjs.JS_GetProperty(js->ctx, owner, atom);
        vx_qjs.JS_FreeAtom(js->ctx, atom);
        vx_qjs.JS_FreeValue(js->ctx, owner);
        owner = inner;
        len -= (size_t)(dot + 1 - path);
        path = dot + 1;
    }
    *name = vx_qjs.JS_NewAtomLen(js->ctx, path, len);
    return owner;
}

/* --- what is kept ---------------------------------------------------------------------------- */

int vx_js_keep(vx_js *js, const char *paths, size_t len)
{
    vx_js_reader r = { paths, paths + len };
    vx_js_item head = vx_js_read(&r);
    if (js->abandoned || head.kind != VX_JS_ITEM_ARRAY)
        return VX_E_ARGUMENT;
    vx_qjs.JS_FreeValue(js->ctx, js->kept);
    js->kept = vx_qjs.JS_NewObjectProto(js->ctx, JS_NULL);
    for (uint32_t i = 0; i < head.len; i++) {
        vx_js_item path = vx_js_read(&r);
        if (path.kind != VX_JS_ITEM_TEXT)
            return VX_E_ARGUMENT;
        JSAtom name, whole = vx_qjs.JS_NewAtomLen(js->ctx, path.data, path.len);
        JSValue owner = owner_of(js, path.data, path.len, &name);
        JSValue value = vx_qjs.JS_GetProperty(js->ctx, owner, name);
        vx_qjs.JS_FreeValue(js->ctx, owner);
        vx_qjs.JS_FreeAtom(js->ctx, name);
        int status = vx_qjs.JS_DefinePropertyValue(js->ctx, js->kept, whole, value, JS_PROP_C_W_E);
        vx_qjs.JS_FreeAtom(js->ctx, whole);
        if (status < 0)
            return VX_E_MEMORY;
    }
    return VX_OK;
}

int vx_js_kept(vx_js *js)
{
    VX_JS_ENTER(js);
    return vx_js_leave(js, vx_qjs.JS_DupValue(js->ctx, js->kept));
}

/* --- globals --------------------------------------------------------------------------------- */

/* Of the accessor: the name, and the object that it belongs to. */
enum { NAME, OWNER, N_DATA };

static bool is_accessor(vx_js *js, JSValue owner, JSAtom name)
{
    JSPropertyDescriptor found = { 0, .getter = JS_UNDEFINED, .setter = JS_UNDEFINED };
    if (vx_qjs.JS_GetOwnProperty(js->ctx, &found, owner, name) <= 0)
        return false;
    bool is = JS_IsObject(found.getter);
    vx_qjs.JS_FreeValue(js->ctx, found.getter);
    vx_qjs.JS_FreeValue(js->ctx, found.setter);
    vx_qjs.JS_FreeValue(js->ctx, found.value);
    return is;
}

static JSValue get_global(vx_js *js, int index, JSValue owner, JSAtom name)
{
    vx_js_answer answer = { 0 };
    vx_js_host_begin(&js->stop);
    js->host.global(js->host.self, index, &answer);
    vx_js_host_end(&js->stop);
    /* A script may have kept the accessor, and put something else in its place. */
    JSValue keeper = is_accessor(js, owner, name) ? owner : JS_UNDEFINED;
    return vx_js_take_answer(js, &answer, keeper, name);
}

/* A script may put something else in the place of a global; through an object that inherits it,
 * that object gets a property of its own. */
static JSValue set_global(vx_js *js, JSValue owner, JSAtom name, JSValue receiver, JSValue value)
{
    bool own = JS_IsUndefined(receiver) || receiver.u.ptr == owner.u.ptr;
    if (!own && !JS_IsObject(receiver))
        return JS_UNDEFINED;
    int status = vx_qjs.JS_DefinePropertyValue(js->ctx, own ? owner : receiver, name,
                                               vx_qjs.JS_DupValue(js->ctx, value),
                                               own ? JS_PROP_HIDDEN : JS_PROP_C_W_E);
    return status < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

/* Both the getter and the setter of a global: there are many, and few are ever called. */
static JSValue access_global(JSContext *ctx, JSValue receiver, int argc, JSValue *argv, int index,
                             JSValue *data)
{
    vx_js *js = vx_js_of(ctx);
    JSAtom name = vx_qjs.JS_ValueToAtom(ctx, data[NAME]);
    JSValue value = argc == 0 ? get_global(js, index, data[OWNER], name)
                              : set_global(js, data[OWNER], name, receiver, argv[0]);
    vx_qjs.JS_FreeAtom(ctx, name);
    return value;
}

static int declare(vx_js *js, const vx_js_item *path, int index)
{
    JSAtom name;
    JSValue owner = owner_of(js, path->data, path->len, &name);
    JSValue data[N_DATA] = { [NAME] = vx_qjs.JS_AtomToValue(js->ctx, name), [OWNER] = owner };
    JSValue access =
        vx_qjs.JS_NewCFunctionData2(js->ctx, access_global, "", 0, index, N_DATA, data);
    int status = vx_qjs.JS_DefinePropertyGetSet(js->ctx, owner, name, access,
                                                vx_qjs.JS_DupValue(js->ctx, access),
                                                JS_PROP_CONFIGURABLE);
    vx_qjs.JS_FreeValue(js->ctx, data[NAME]);
    vx_qjs.JS_FreeValue(js->ctx, owner);
    vx_qjs.JS_FreeAtom(js->ctx, name);
    if (path->len == strlen("Date") && memcmp(path->data, "Date", path->len) == 0)
        js->date_global = index;
    return status;
}

int vx_js_globals(vx_js *js, const char *names, size_t len)
{
    vx_js_reader r = { names, names + len };
    vx_js_item head = vx_js_read(&r);
    if (js->abandoned || head.kind != VX_JS_ITEM_ARRAY)
        return VX_E_ARGUMENT;
    for (uint32_t i = 0; i < head.len; i++) {
        vx_js_item path = vx_js_read(&r);
        if (path.kind != VX_JS_ITEM_TEXT)
            return VX_E_ARGUMENT;
        if (declare(js, &path, js->n_globals++) < 0)
            return VX_E_MEMORY;
    }
    return VX_OK;
}

void vx_js_need_dates(vx_js *js)
{
    vx_js_answer answer = { 0 };
    if (js->date_global < 0)
        return;
    vx_js_host_begin(&js->stop);
    js->host.global(js->host.self, js->date_global, &answer);
    vx_js_host_end(&js->stop);
    js->date_global = -1;
}
