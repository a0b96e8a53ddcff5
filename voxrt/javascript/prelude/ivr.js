// An IVRState keeps the very settings that the script gave it: what is changed in them later, such
// as the next states of a menu that leads back to the first one, counts when a call enters.
// Called when a script first reads IVRState.
(function (name, made) {
    "use strict";
    const { construct, defineProperty } = Reflect;
    const state = new Proxy(made, {
        construct(target, [name, settings, ...rest]) {
            let kept = settings;
            const object = construct(target, [name, () => kept, ...rest]);
            defineProperty(object, "settings", {
                get: () => kept,
                set: (value) => { kept = value; },
                enumerable: true,
                configurable: true,
            });
            return object;
        },
    });
    return () => state;
})
