/* Classes of host objects: the members on their prototypes.
 *
 * A class has many members, of which a script uses few. The engine makes a method when it is first
 * read, from a table that all runtimes of the process share.
 */
#include <stdlib.h>
#include <string.h>

#include "vx_js_state.h"
#include "vx_status.h"

struct vx_js_members {
    JSCFunctionListEntry *methods;
    JSCFunctionListEntry *properties; /* only the name and the number */
    int n_methods, n_properties;
};

/* --- the table ------------------------------------------------------------------------------- */

static char *copy_of(const vx_js_item *text)
{
    char *copy = malloc(text->len + 1);
    if (copy != NULL) {
        memcpy(copy, text->data, text->len);
        copy[text->len] = 0;
    }
    return copy;
}

static void add(vx_js_members *members, char *name, int number)
{
    JSCFunctionListEntry entry = { .name = name, .magic = (int16_t)(number & 0x7fff) };
    if (number & VX_JS_MEMBER_PROPERTY) {
        members->properties[members->n_properties++] = entry;
        return;
    }
    entry.prop_flags = JS_PROP_HIDDEN;
    entry.def_type = JS_DEF_CFUNC;
    entry.u.func.cproto = JS_CFUNC_generic_magic;
    entry.u.func.cfunc.generic_magic = vx_js_call_method;
    members->methods[members->n_methods++] = entry;
}

static bool read_members(vx_js_members *members, const char *packed, size_t len)
{
    vx_js_reader r = { packed, packed + len };
    vx_js_item head = vx_js_read(&r);
    if (head.kind != VX_JS_ITEM_MAP)
        return false;
    members->methods = calloc(head.len + 1, sizeof *members->methods);
    members->properties = calloc(head.len + 1, sizeof *members->properties);
    if (members->methods == NULL || members->properties == NULL)
        return false;
    for (uint32_t i = 0; i < head.len; i++) {
        vx_js_item name = vx_js_read(&r), number = vx_js_read(&r);
        char *copy = name.kind == VX_JS_ITEM_TEXT && number.kind == VX_JS_ITEM_INT
                         ? copy_of(&name)
                         : NULL;
        if (copy == NULL)
            return false;
        add(members, copy, (int)number.integer);
    }
    return true;
}

static void free_names(JSCFunctionListEntry *entries, int count)
{
    while (count--)
        free((char *)entries[count].name);
    free(entries);
}

void vx_js_members_free(vx_js_members *members)
{
    if (members == NULL)
        return;
    free_names(members->methods, members->n_methods);
    free_names(members->properties, members->n_properties);
    free(members);
}

vx_js_members *vx_js_members_new(const char *packed, size_t len)
{
    vx_js_members *members = calloc(1, sizeof *members);
    if (members != NULL && !read_members(members, packed, len)) {
        vx_js_members_free(members);
        return NULL;
    }
    return members;
}

/* --- the class ------------------------------------------------------------------------------- */

static JSValue accessor(vx_js *js, const char *name, int member)
{
    union {
        JSCFunctionMagic *with_magic;
        JSCFunction *plain;
    } function = { vx_js_call_method };
    return vx_qjs.JS_NewCFunction2(js->ctx, function.plain, name, 0, JS_CFUNC_generic_magic,
                                   member);
}

static int define_property(vx_js *js, JSValue prototype, const JSCFunctionListEntry *property)
{
    JSAtom name = vx_qjs.JS_NewAtomLen(js->ctx, property->name, strlen(property->name));
    int status = vx_qjs.JS_DefinePropertyGetSet(
        js->ctx, prototype, name, accessor(js, property->name, property->magic),
        accessor(js, property->name, property->magic + 1), JS_PROP_CONFIGURABLE);
    vx_qjs.JS_FreeAtom(js->ctx, name);
    return status;
}

int vx_js_class(vx_js *js, int number, int parent, const vx_js_members *members)
{
    if (js->abandoned || number < 0 || parent >= js->n_classes || members == NULL)
        return VX_E_ARGUMENT;
    JSValue behind = parent < 0 ? js->object_missing : js->classes[parent];
    JSValue prototype = vx_qjs.JS_NewObjectProto(js->ctx, behind);
    if (JS_IsException(prototype) || vx_js_grow(&js->classes, &js->n_classes, number) < 0)
        return VX_E_MEMORY;
    js->classes[number] = prototype;
    if (vx_qjs.JS_SetPropertyFunctionList(js->ctx, prototype, members->methods,
                                          members->n_methods) < 0)
        return VX_E_MEMORY;
    for (int i = 0; i < members->n_properties; i++) {
        if (define_property(js, prototype, &members->properties[i]) < 0)
            return VX_E_MEMORY;
    }
    return VX_OK;
}
