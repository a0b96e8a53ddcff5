// Further arguments of a timer reach its callback as they are: objects keep their identity, which
// they would lose on the way through the platform. A delay is made a number, as the language does.
(function () {
    "use strict";
    const { defineProperty } = Reflect;
    function wrap(set, name) {
        const timer = {
            [name](callback, delay, ...rest) {
                const call = rest.length && typeof callback === "function"
                    ? () => callback(...rest)
                    : callback;
                return set(call, delay === undefined ? 0 : Number(delay));
            },
        }[name];
        defineProperty(globalThis, name, {
            value: timer, writable: true, configurable: true, enumerable: false,
        });
    }
    wrap(globalThis.setTimeout, "setTimeout");
    wrap(globalThis.setInterval, "setInterval");
})
